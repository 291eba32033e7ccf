import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { LoginSecret } from "../../../lib";
import { AwsAccount } from "../../../lib/core/terraform/aws-account";
import { accountAdministration, policyDocument } from "../../../lib/core/terraform/policy";

export interface UserSecretsProps {
  /** Whose users they are of, such as `Kafka`. */
  readonly system: string;
  readonly keyAlias: string;
  /** Of the secrets: one per user. */
  readonly names: readonly string[];
}

/** Secrets for the passwords of users of a system, under a key of their own, in the order of their names. */
export function addUserSecrets(scope: Construct, { system, keyAlias, names }: UserSecretsProps): LoginSecret[] {
  const key = new KmsKey(scope, "key", {
    description: `Passwords of users of ${system}`,
    enableKeyRotation: true,
    deletionWindowInDays: 7,
    policy: policyDocument([accountAdministration(AwsAccount.of(scope).rootArn)]),
  });
  new KmsAlias(scope, "alias", { name: keyAlias, targetKeyId: key.keyId });
  // Without values: these are no business of Terraform.
  return names
    .map((name) => new SecretsmanagerSecret(scope, name, { name, kmsKeyId: key.arn, recoveryWindowInDays: 0 }))
    .map(({ arn }) => ({ secretArn: arn, encryptionKeyArn: key.arn }));
}
