import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { namePrefix, nameTag } from "../core/terraform/names";
import { accountAdministration, policyDocument } from "../core/terraform/policy";
import { IKey } from "../encryption/i-key";
import { cloudWatchLogs } from "../network/flow-log-key";

/** The key goes with the log groups, and nothing else is encrypted by it: the shortest that AWS takes. */
const DELETION_WINDOW_DAYS = 7;

export interface ServiceLogsProps {
  /** What writes, for people, such as `Brokers of the Kafka cluster orders`. */
  readonly writer: string;
  /** Whole names of the log groups, by the ids that they have here. */
  readonly logGroups: Readonly<Record<string, string>>;
  readonly retentionDays: number;
  /** Left out: one for these log groups alone, with an alias and yearly rotation. */
  readonly encryptionKey?: IKey;
}

/** Log groups into which a service of AWS writes, made before it, under the key given or one of their own. */
export class ServiceLogs extends Construct {
  private readonly groups: Readonly<Record<string, CloudwatchLogGroup>>;

  public constructor(scope: Construct, id: string, props: ServiceLogsProps) {
    super(scope, id);
    const kmsKeyId = props.encryptionKey?.keyArn ?? this.createKey(props);
    this.groups = Object.fromEntries(
      Object.entries(props.logGroups).map(([group, name]) => [
        group,
        new CloudwatchLogGroup(this, group, {
          name,
          retentionInDays: props.retentionDays,
          kmsKeyId,
          tags: { Name: nameTag(this) },
        }),
      ]),
    );
  }

  /** Who names the log group by this is made after it. */
  public nameOf(id: string): string {
    return this.groups[id].name;
  }

  /** The same for whoever wants an ARN. */
  public arnOf(id: string): string {
    return this.groups[id].arn;
  }

  /** For whoever names them in no other way, and must wait for them all the same. */
  public get all(): ITerraformDependable[] {
    return Object.values(this.groups);
  }

  private createKey({ writer, logGroups }: ServiceLogsProps): string {
    const account = AwsAccount.of(this);
    const arns = Object.values(logGroups).map((name) => account.arn("logs", `log-group:${name}`));
    const key = new KmsKey(this, "Key", {
      description: `Logs of ${writer}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument([accountAdministration(account.rootArn), cloudWatchLogs(account, arns)]),
      tags: { Name: nameTag(this) },
    });
    new KmsAlias(this, "KeyAlias", { namePrefix: `alias/${namePrefix(this, 64)}`, targetKeyId: key.keyId });
    return key.arn;
  }
}
