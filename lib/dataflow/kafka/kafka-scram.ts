import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { AwsAccount } from "../../core/terraform/aws-account";
import { Allowance } from "../../core/terraform/policy";
import { isTextToken, isToken } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { requirePartitionOfRegion } from "../../encryption/arn-partition";
import { requireKeyArn, requireKeyRegion } from "../../encryption/key-checks";
import type { ConnectionCredential } from "../../node/desired-state";
import { connectionCredentialsFile } from "../../node/paths";
import { ScopeRequirement } from "../scope";
import { KEY_ARN_FOR_TERRAFORM, withoutWildcards } from "../terraform-value";
import type { KafkaLogin, KafkaUse } from "./kafka-login";

/** A secret of AWS Secrets Manager with the name and the password of a user of Kafka. */
export interface KafkaScramSecret {
  /**
   * Full ARN of the secret, with the six characters that Secrets Manager adds to its name. Of the account and region that
   * the stack is deployed to. Its value is a JSON object with the texts `username` and `password`, as Amazon MSK has it.
   *
   * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
   */
  readonly secretArn: string;
  /**
   * ARN of the KMS key (not of an alias) that encrypts the secret. Its policy must leave it to the account's own policies
   * who may use it (docs/keys.md).
   *
   * @default - the secret is encrypted by the key that Secrets Manager has in every account; Amazon MSK takes no such secret
   */
  readonly encryptionKeyArn?: string;
}

const OPTIONS: OptionNames<KafkaScramSecret> = { secretArn: true, encryptionKeyArn: true };
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const SECRET_ARN_FOR_TERRAFORM =
  "^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$";

/** By name and password, which never leave the client (RFC 5802). What the user may do is for Kafka to say, by its ACLs. */
export class KafkaScram implements KafkaLogin {
  public readonly title = "SCRAM";
  public readonly msk = { port: 9096, attribute: "bootstrap_brokers_sasl_scram", isServerless: false, isOnly: false };
  public readonly connectors: readonly ConnectorName[] = [];
  public readonly credential: ConnectionCredential;
  public readonly brokerNames = [];

  public constructor(
    property: string,
    /** As Kafka names it (`sasl.mechanism`). */
    private readonly mechanism: string,
    private readonly secret: KafkaScramSecret,
  ) {
    requireOptionsOf(property, secret, OPTIONS);
    requireSecretArn("secretArn", secret.secretArn);
    if (secret.encryptionKeyArn !== undefined) requireKeyArn("encryptionKeyArn", secret.encryptionKeyArn);
    this.credential = { kind: "kafka-scram", secretArn: secret.secretArn };
  }

  public checkRegion(region: string | undefined): void {
    const { secretArn, encryptionKeyArn } = this.secret;
    if (encryptionKeyArn !== undefined) requireKeyRegion("encryptionKeyArn", encryptionKeyArn, region);
    if (region === undefined || isToken(secretArn) || secretArn.split(":")[3] === region) return;
    refuse({
      property: "secretArn",
      value: secretArn,
      allowed: `a secret of ${region}, the region of this stack's AWS provider, because nodes reach no other`,
      remedy: `name a secret of ${region}, which may be the replica there`,
    });
  }

  /**
   * The credential is named and not held: a client reads the file when it starts, and so does a job that is restored
   * after a rotation.
   */
  public clientProperties(connection: string): Readonly<Record<string, string>> {
    return {
      "sasl.mechanism": this.mechanism,
      "sasl.jaas.config": `\${file:${connectionCredentialsFile(connection)}:sasl.jaas.config}`,
      "config.providers": "file",
      "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
    };
  }

  public requirements(path: string): readonly ScopeRequirement[] {
    const { secretArn, encryptionKeyArn } = this.secret;
    return withoutWildcards(path, [
      { value: secretArn, pattern: SECRET_ARN_FOR_TERRAFORM, what: "the full ARN of a secret" },
      { value: encryptionKeyArn, pattern: KEY_ARN_FOR_TERRAFORM, what: "the ARN of a KMS key" },
    ]);
  }

  public allowances(scope: Construct, { kind }: KafkaUse): Allowance[] {
    const { secretArn, encryptionKeyArn } = this.secret;
    const { region, dnsSuffix } = AwsAccount.of(scope);
    const credential = {
      sid: `${kind}Credential`,
      actions: ["secretsmanager:GetSecretValue"],
      resources: [secretArn],
    };
    if (encryptionKeyArn === undefined) return [credential];
    const conditions = {
      StringEquals: {
        "kms:ViaService": [`secretsmanager.${region}.${dnsSuffix}`],
        "kms:EncryptionContext:SecretARN": [secretArn],
      },
    };
    return [credential, { sid: `${kind}Key`, actions: ["kms:Decrypt"], resources: [encryptionKeyArn], conditions }];
  }
}

/** A part of the ARN would match no secret, or more than one. */
function requireSecretArn(property: string, arn: unknown): void {
  if (isTextToken(arn)) return;
  requireText(
    property,
    arn,
    SECRET_ARN,
    "the full ARN of a secret, such as arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_orders-AbCdEf",
  );
  requirePartitionOfRegion(property, arn as string);
}
