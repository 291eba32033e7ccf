import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { checkInputOf } from "../../core/terraform/refusals";
import { refuse } from "../../core/validation";
import { AlarmTopic } from "./alarm-topic";
import { FlinkClusterAlarmsProps } from "./flink-cluster-alarms-props";
import { checkFlinkClusterAlarmsProps } from "./flink-cluster-alarms-settings";
import { NodeAlarms } from "./node-alarms";
import { NodeEvents } from "./node-events";

/**
 * What AWS itself sees of a cluster's machines, told to one SNS topic: a machine that is stopped, terminated, to be retired or
 * not there, failed status checks, a stalled data volume. It needs nothing on the machines, and so tells of them when they are
 * gone. Each message names its runbook (docs/runbooks).
 *
 * `new FlinkClusterAlarms(this, "alarms", { cluster: flink })`
 */
export class FlinkClusterAlarms extends Construct {
  /**
   * ARN of the topic that gets all messages: subscribe to it who is on call.
   * @attribute
   */
  public readonly topicArn: string;
  private readonly clusterPath: string;

  /**
   * @param scope where it belongs: the stack of the cluster, or another of the same account and region
   * @param id unique in the scope
   * @param props whose machines, and whom to tell
   */
  public constructor(scope: Construct, id: string, props: FlinkClusterAlarmsProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkFlinkClusterAlarmsProps(this, props));
    const { cluster, encryptionKey, minutes, runbookUrl } = settings;
    const { clusterName, _nodes: nodes } = cluster;
    this.clusterPath = cluster.node.path;
    checkInputOf(this, () => this.refuseTwin());
    this.topicArn = settings.topicArn ?? new AlarmTopic(this, "Topic", { clusterName, encryptionKey }).topicArn;
    const { topicArn } = this;
    nodes.forEach((flinkNode, index) => {
      new NodeAlarms(this, `Node${index + 1}`, { flinkNode, minutes, topicArn, runbookUrl });
    });
    new NodeEvents(this, "Events", { clusterName, nodes, topicArn, runbookUrl });
    // One output per cluster, named after it; no name of a cluster has its `_`.
    new TerraformOutput(this, "Output", {
      description: `Alarms of the Flink cluster ${clusterName}`,
      value: { topic_arn: topicArn },
    }).overrideLogicalId(`${clusterName}_alarms`);
  }

  /** Names of alarms and rules follow from the cluster's: the second ones would overwrite the first. */
  private refuseTwin(): void {
    const twin = this.node.root.node
      .findAll()
      .find((other) => other instanceof FlinkClusterAlarms && other !== this && other.clusterPath === this.clusterPath);
    if (!twin) return;
    refuse({
      property: "cluster",
      value: `the construct ${this.clusterPath}`,
      allowed: `a cluster that has no alarms yet, and ${twin.node.path} has them`,
      remedy: `leave out one of ${twin.node.path} and ${this.node.path}`,
    });
  }
}
