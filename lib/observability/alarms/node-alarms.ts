import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { FlinkNode } from "../../cluster/flink-node";
import { AlarmMinutes } from "./flink-cluster-alarms-settings";
import { Runbook, runbookSentence } from "./runbook";

interface NodeAlarm {
  readonly id: string;
  readonly runbook: Runbook;
  readonly namespace: "AWS/EC2" | "AWS/EBS";
  readonly metricName: string;
  readonly lasts: keyof AlarmMinutes;
  /** What has happened, with the name of the node before it. */
  readonly says: string;
}

/** Checks of AWS, each 0 where it passes and 1 where it fails. All machines that the library knows are of Nitro, and have all. */
const CHECKS: readonly NodeAlarm[] = [
  {
    id: "SystemStatusCheck",
    runbook: "system-status-check",
    namespace: "AWS/EC2",
    metricName: "StatusCheckFailed_System",
    lasts: "systemStatusCheck",
    says: "runs on something of AWS that fails: its host, its power or its network",
  },
  {
    id: "InstanceStatusCheck",
    runbook: "instance-status-check",
    namespace: "AWS/EC2",
    metricName: "StatusCheckFailed_Instance",
    lasts: "instanceStatusCheck",
    says: "does not answer on its network interface",
  },
  {
    id: "AttachedEbsStatusCheck",
    runbook: "attached-ebs-status-check",
    namespace: "AWS/EC2",
    metricName: "StatusCheckFailed_AttachedEBS",
    lasts: "attachedEbsStatusCheck",
    says: "cannot reach its volumes",
  },
  {
    id: "StalledVolume",
    runbook: "stalled-volume",
    namespace: "AWS/EBS",
    metricName: "VolumeStalledIOCheck",
    lasts: "stalledVolume",
    says: "has a data volume that completes nothing that it is asked for",
  },
];

export interface NodeAlarmsProps {
  readonly flinkNode: FlinkNode;
  readonly minutes: AlarmMinutes;
  readonly topicArn: string;
  readonly runbookUrl?: string;
}

/** What CloudWatch looks at of one machine, once a minute, and tells when it begins and when it is over. */
export class NodeAlarms extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NodeAlarmsProps,
  ) {
    super(scope, id);
    const { instance, dataVolume } = props.flinkNode;
    const ofInstance = { InstanceId: instance.id };
    for (const check of CHECKS) {
      new CloudwatchMetricAlarm(this, check.id, {
        ...this.common(check),
        dimensions: check.namespace === "AWS/EBS" ? { ...ofInstance, VolumeId: dataVolume.id } : ofInstance,
        statistic: "Maximum",
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        // What is not checked has neither passed nor failed: a machine that is stopped must not be told of as mended.
        treatMissingData: "missing",
      });
    }
    new CloudwatchMetricAlarm(this, "Missing", {
      ...this.common({
        runbook: "missing-node",
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        lasts: "missingNode",
        says: "is not there: EC2 says nothing of it, so that it is stopped or terminated",
      }),
      dimensions: ofInstance,
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // EC2 tells of each machine that runs once a minute: that nothing comes is what the alarm is about.
      treatMissingData: "breaching",
    });
  }

  private common({ runbook, namespace, metricName, lasts, says }: Omit<NodeAlarm, "id">) {
    const { flinkNode, minutes, topicArn, runbookUrl } = this.props;
    const time = minutes[lasts];
    return {
      alarmName: `${flinkNode.name}-${runbook}`,
      alarmDescription:
        `The node ${flinkNode.name} ${says}, for ${time} ${time === 1 ? "minute" : "minutes"}. ` +
        runbookSentence(runbook, runbookUrl),
      namespace,
      metricName,
      period: 60,
      evaluationPeriods: time,
      datapointsToAlarm: time,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: { Name: `${flinkNode.name}-${runbook}` },
    };
  }
}
