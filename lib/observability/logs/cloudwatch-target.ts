import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { AwsAccount } from "../../core/terraform/aws-account";
import { Allowance } from "../../core/terraform/policy";
import { isTextToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { ServiceLogs } from "../../dataflow/service-logs";
import { withoutWildcards } from "../../dataflow/terraform-value";
import { requireKey } from "../../encryption/key-checks";
import { requireAnyRetentionDays } from "../../network/log-retention";
import { CloudWatchLogOptions } from "./cloudwatch-log-options";
import { BoundLogTarget, LogTarget, LogTargetInput } from "./log-target";

const OPTIONS: OptionNames<CloudWatchLogOptions> = {
  logGroupName: true,
  retention: true,
  encryptionKey: true,
  existingLogGroupName: true,
};
/** CloudWatch Logs API reference, `CreateLogGroup`. */
const LOG_GROUP_NAME = /^(?!aws\/)[A-Za-z0-9._/#-]{1,512}$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const LOG_GROUP_NAME_FOR_TERRAFORM = "^[A-Za-z0-9._/#-]{1,512}$";
const FACTORY = "LogDestination.cloudWatch";

/** A log group, and how policies and the exporter call it. */
interface LogGroup {
  readonly name: string;
  readonly arn: string;
}

/** Streams of a log group of Amazon CloudWatch Logs. */
export class CloudWatchTarget implements LogTarget {
  public readonly title = "CloudWatch Logs";
  public readonly hasIndices = false;
  private readonly retentionDays: number;

  public constructor(private readonly options: CloudWatchLogOptions) {
    requireOptionsOf(`the argument of ${FACTORY}`, options, OPTIONS);
    const { logGroupName, retention, encryptionKey, existingLogGroupName } = options;
    if (existingLogGroupName !== undefined) {
      requireNothingBeside(options);
      if (!isTextToken(existingLogGroupName)) requireName(`existingLogGroupName of ${FACTORY}`, existingLogGroupName);
    }
    if (logGroupName !== undefined) {
      requireKnown(`logGroupName of ${FACTORY}`, logGroupName, "it stands in the policy of a key");
      requireName(`logGroupName of ${FACTORY}`, logGroupName);
    }
    if (encryptionKey !== undefined) requireKey(`encryptionKey of ${FACTORY}`, encryptionKey);
    this.retentionDays = requireAnyRetentionDays(`retention of ${FACTORY}`, retention ?? Duration.days(365));
  }

  public bind(integration: Construct, { clusterName }: LogTargetInput): BoundLogTarget {
    const { region, dnsSuffix } = AwsAccount.of(integration);
    const group = this.existing(integration) ?? this.create(integration, clusterName);
    return {
      spec: {
        kind: "cloudwatch",
        logGroupName: group.name,
        region,
        endpoint: `https://logs.${region}.${dnsSuffix}`,
      },
      services: ["logs"],
      allowances: () => allowances(group, clusterName),
      requirements: withoutWildcards(integration.node.path, [
        {
          value: this.options.existingLogGroupName,
          pattern: LOG_GROUP_NAME_FOR_TERRAFORM,
          what: "the name of a log group",
        },
      ]),
    };
  }

  private existing(scope: Construct): LogGroup | undefined {
    const { existingLogGroupName: name } = this.options;
    return name === undefined ? undefined : { name, arn: AwsAccount.of(scope).arn("logs", `log-group:${name}`) };
  }

  private create(integration: Construct, clusterName: string): LogGroup {
    const name = this.options.logGroupName ?? `/flink/${clusterName}`;
    requireNoTwin(integration, name);
    const logs = new ServiceLogs(integration, "LogGroup", {
      writer: `the Flink cluster ${clusterName}`,
      logGroups: { Resource: name },
      retentionDays: this.retentionDays,
      encryptionKey: this.options.encryptionKey,
    });
    return { name: logs.nameOf("Resource"), arn: logs.arnOf("Resource") };
  }
}

/** Each node has streams of its own, whose names begin with the node's; of another cluster's in the group none may be written. */
function allowances({ arn }: LogGroup, clusterName: string): Allowance[] {
  return [
    { sid: "CreateStreams", actions: ["logs:CreateLogStream"], resources: [`${arn}:*`] },
    {
      sid: "WriteStreamsOfCluster",
      actions: ["logs:PutLogEvents"],
      resources: [`${arn}:log-stream:${clusterName}-node-*`],
    },
  ];
}

function requireName(property: string, name: unknown): void {
  requireText(
    property,
    name,
    LOG_GROUP_NAME,
    "the name of a log group: 1 to 512 letters, digits and ._/#-, not beginning with aws/",
  );
}

/** Nobody could make a log group that another construct of the program makes. */
function requireNoTwin(integration: Construct, name: string): void {
  const twin = integration.node.root.node
    .findAll()
    .find(
      (other) =>
        other instanceof CloudwatchLogGroup && other.nameInput === name && AwsAccount.isAlike(integration, other),
    );
  if (!twin) return;
  refuse({
    property: `logGroupName of ${FACTORY}`,
    value: name,
    allowed: `a name that no other log group of the account and region has, and ${twin.node.path} has it`,
    remedy: `set another logGroupName, or ${JSON.stringify(name)} as existingLogGroupName to share that one`,
  });
}

function requireNothingBeside({ existingLogGroupName, ...others }: CloudWatchLogOptions): void {
  const other = Object.entries(others).find(([, value]) => value !== undefined);
  if (!other) return;
  refuse({
    property: `${other[0]} of ${FACTORY}`,
    value: other[1],
    allowed: `left out beside existingLogGroupName, as nothing of ${existingLogGroupName} is changed`,
    remedy: `leave one of the two out`,
  });
}
