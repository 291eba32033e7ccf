import { Construct } from "constructs";
import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isTextToken } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { requirePartitionOfRegion } from "../../encryption/arn-partition";
import { IKey } from "../../encryption/i-key";
import { requireKey } from "../../encryption/key-checks";
import { requireDuration } from "../../settings/ranges";
import { FlinkClusterAlarmsProps } from "./flink-cluster-alarms-props";

const PROPS: OptionNames<FlinkClusterAlarmsProps> = {
  cluster: true,
  topicArn: true,
  encryptionKey: true,
  runbookUrl: true,
  systemStatusCheckAfter: true,
  instanceStatusCheckAfter: true,
  attachedEbsStatusCheckAfter: true,
  stalledVolumeAfter: true,
  missingNodeAfter: true,
};
/** Without `.fifo` at the end: CloudWatch and EventBridge name no message group. */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const RUNBOOK_URL = /^(?=.{1,200}$)https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/;
const [SHORTEST, LONGEST] = [Duration.minutes(1), Duration.minutes(60)];

/** How long something has to last, in minutes: CloudWatch looks once a minute. */
export interface AlarmMinutes {
  readonly systemStatusCheck: number;
  readonly instanceStatusCheck: number;
  readonly attachedEbsStatusCheck: number;
  readonly stalledVolume: number;
  readonly missingNode: number;
}

/** All props, checked and complete. */
export interface FlinkClusterAlarmsSettings {
  readonly cluster: FlinkCluster;
  readonly topicArn?: string;
  readonly encryptionKey?: IKey;
  readonly runbookUrl?: string;
  readonly minutes: AlarmMinutes;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkFlinkClusterAlarmsProps(
  alarms: Construct,
  props: FlinkClusterAlarmsProps,
): FlinkClusterAlarmsSettings {
  requireOptionsOf("props", props, PROPS, "{ cluster: flink }");
  const { cluster, topicArn, encryptionKey, runbookUrl } = props;
  requireCluster(alarms, cluster);
  if (topicArn != null) requireTopicArn(topicArn, AwsAccount.knownRegion(alarms));
  if (encryptionKey != null) requireKey("encryptionKey", encryptionKey);
  if (topicArn != null && encryptionKey != null) {
    refuse({
      property: "encryptionKey",
      value: encryptionKey.keyArn,
      allowed: "left out beside topicArn, as the key of an existing topic is up to its owner",
      remedy: "leave out one of the two",
    });
  }
  if (runbookUrl != null) {
    const allowed = "the beginning of a URL with https, at most 200 letters, digits and -._~/";
    requireText("runbookUrl", runbookUrl, RUNBOOK_URL, allowed);
  }
  return {
    ...{ cluster, topicArn: topicArn ?? undefined, encryptionKey: encryptionKey ?? undefined },
    runbookUrl: runbookUrl?.replace(/\/+$/, ""),
    minutes: {
      systemStatusCheck: minutesOf("systemStatusCheckAfter", props.systemStatusCheckAfter, 2),
      instanceStatusCheck: minutesOf("instanceStatusCheckAfter", props.instanceStatusCheckAfter, 5),
      attachedEbsStatusCheck: minutesOf("attachedEbsStatusCheckAfter", props.attachedEbsStatusCheckAfter, 10),
      stalledVolume: minutesOf("stalledVolumeAfter", props.stalledVolumeAfter, 10),
      missingNode: minutesOf("missingNodeAfter", props.missingNodeAfter, 5),
    },
  };
}

function requireCluster(alarms: Construct, cluster: unknown): asserts cluster is FlinkCluster {
  const value: unknown = Construct.isConstruct(cluster) ? `the construct ${cluster.node.path}` : cluster;
  if (!(cluster instanceof FlinkCluster)) {
    refuse({
      property: "cluster",
      value,
      allowed: "a FlinkCluster of this program, as of another one the ids of the machines are not known",
      remedy: "make the alarms in the program that makes the cluster, and pass the cluster",
    });
  }
  if (AwsAccount.isAlike(alarms, cluster)) return;
  refuse({
    property: "cluster",
    value,
    allowed: "of the same account and region, as CloudWatch and EventBridge look at no other",
    remedy: "give the stack of the alarms the same AWS provider, or make them in the cluster's stack",
  });
}

function requireTopicArn(arn: unknown, region: string | undefined): void {
  if (isTextToken(arn)) return;
  const example = "such as arn:aws:sns:eu-west-1:123456789012:on-call";
  requireText("topicArn", arn, TOPIC_ARN, `the ARN of an SNS topic that is not FIFO, ${example}`);
  requirePartitionOfRegion("topicArn", arn as string);
  if (region === undefined || (arn as string).split(":")[3] === region) return;
  refuse({
    property: "topicArn",
    value: arn,
    allowed: `a topic of ${region}, the region of this stack's AWS provider, as alarms reach no other`,
    remedy: `name a topic of ${region}`,
  });
}

function minutesOf(property: string, given: Duration | undefined, otherwise: number): number {
  const duration = given ?? Duration.minutes(otherwise);
  requireDuration(property, duration, SHORTEST, LONGEST);
  const minutes = duration.toSeconds() / 60;
  if (Number.isInteger(minutes)) return minutes;
  return refuse({
    property,
    value: duration,
    allowed: "a whole number of minutes, as CloudWatch looks once a minute",
    remedy: `use for example Duration.minutes(${Math.ceil(minutes)})`,
  });
}
