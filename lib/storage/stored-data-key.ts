import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { namePrefix, nameTag } from "../core/terraform/names";
import { accountAdministration, policyDocument } from "../core/terraform/policy";
import { IKey } from "../encryption/i-key";
import { holdKeyForLife } from "../encryption/key-for-life";
import { RemovalPolicy } from "./removal-policy";

const DELETION_WINDOW_DAYS = { [RemovalPolicy.RETAIN]: 30, [RemovalPolicy.DESTROY]: 7 };

/**
 * A customer-managed key with yearly rotation and its alias. Who may use it is said by the policies of the
 * account's roles; losing it makes all that it encrypted unreadable, so it is retained like what holds that.
 */
class OwnKey extends Construct {
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, props: { description: string; removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const lifecycle = { preventDestroy: props.removalPolicy === RemovalPolicy.RETAIN };
    const key = new KmsKey(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS[props.removalPolicy],
      policy: policyDocument([accountAdministration(AwsAccount.of(this).rootArn)]),
      tags: { Name: nameTag(this) },
      lifecycle,
    });
    new KmsAlias(this, "Alias", {
      namePrefix: `alias/${namePrefix(this, 64)}`,
      targetKeyId: key.keyId,
      lifecycle,
    });
    this.keyArn = key.arn;
  }
}

export interface StoredDataKeyProps {
  /** What the key is for, as people see it. */
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  /** Of the user; left out: one is made. */
  readonly encryptionKey?: IKey;
}

/**
 * ARN of the key that encrypts what a construct stores, for its whole life: what was stored would stay under the old key,
 * or the service takes no other one; and a key of ours that is named as one of the user would be deleted, as nothing makes
 * it any more.
 */
export function storedDataKey(
  scope: Construct,
  { description, removalPolicy, encryptionKey }: StoredDataKeyProps,
): string {
  const keyArn = encryptionKey?.keyArn ?? new OwnKey(scope, "Key", { description, removalPolicy }).keyArn;
  holdKeyForLife(scope, "Key", {
    name: "encryption_key",
    keyArn,
    isMadeHere: encryptionKey === undefined,
    isProtected: removalPolicy === RemovalPolicy.RETAIN,
  });
  return keyArn;
}
