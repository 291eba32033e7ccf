import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { FlinkNode } from "../../cluster/flink-node";
import { Runbook, runbookSentence } from "./runbook";

interface NodeEvent {
  readonly id: string;
  readonly runbook: Runbook;
  readonly description: string;
  /** In the words of EventBridge. */
  readonly pattern: (nodes: readonly FlinkNode[]) => object;
  /** What of an event stands in the message, by the name that it has there. */
  readonly paths: { readonly [name: string]: string };
  readonly says: (clusterName: string) => string;
}

const idsOf = (nodes: readonly FlinkNode[]): string[] => nodes.map(({ instance }) => instance.id);

const EVENTS: readonly NodeEvent[] = [
  {
    id: "InstanceState",
    runbook: "instance-state",
    description: "is stopped or terminated",
    pattern: (nodes) => ({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { "instance-id": idsOf(nodes), state: ["stopping", "stopped", "shutting-down", "terminated"] },
    }),
    paths: { instance: "$.detail.instance-id", state: "$.detail.state", time: "$.time" },
    says: (clusterName) => `The machine <instance> of the Flink cluster ${clusterName} is <state>, at <time>.`,
  },
  {
    id: "InstanceHealth",
    runbook: "instance-health",
    description: "is to be retired, rebooted or maintained by AWS, or has a trouble that AWS knows",
    // `resources` and not `detail.affectedEntities`: the two name the same.
    pattern: (nodes) => ({
      source: ["aws.health"],
      "detail-type": ["AWS Health Event"],
      resources: idsOf(nodes),
      detail: { service: ["EC2"], eventTypeCategory: ["issue", "scheduledChange"] },
    }),
    paths: { instance: "$.resources[0]", code: "$.detail.eventTypeCode", start: "$.detail.startTime" },
    // One event may be about several machines, and the first one may be of somebody else.
    says: (clusterName) =>
      `AWS has <code> for a machine of the Flink cluster ${clusterName}, from <start> on: <instance>, or another of the same event.`,
  },
  {
    id: "DataVolume",
    runbook: "data-volume",
    description: "has a data volume that cannot be attached or changed, or is deleted",
    pattern: (nodes) => ({
      source: ["aws.ec2"],
      "detail-type": ["EBS Volume Notification"],
      resources: nodes.map(({ dataVolume }) => dataVolume.arn),
      detail: { result: ["failed", "deleted"] },
    }),
    paths: {
      volume: "$.resources[0]",
      event: "$.detail.event",
      result: "$.detail.result",
      cause: "$.detail.cause",
    },
    says: (clusterName) => `<event> of <volume>, a data volume of the Flink cluster ${clusterName}: <result>. <cause>`,
  },
];

/** A pattern has at most 2048 characters (EventBridge quotas), of which an ARN takes up to 90. */
const MOST_NODES_PER_RULE = 15;

export interface NodeEventsProps {
  readonly clusterName: string;
  readonly nodes: readonly FlinkNode[];
  readonly topicArn: string;
  readonly runbookUrl?: string;
}

/** What AWS tells by itself of the machines of one cluster, and of no other. */
export class NodeEvents extends Construct {
  public constructor(scope: Construct, id: string, props: NodeEventsProps) {
    super(scope, id);
    for (let from = 0; from < props.nodes.length; from += MOST_NODES_PER_RULE) {
      const nodes = props.nodes.slice(from, from + MOST_NODES_PER_RULE);
      const suffix = from === 0 ? "" : `${from / MOST_NODES_PER_RULE + 1}`;
      for (const event of EVENTS) this.createRule(event, nodes, suffix, props);
    }
  }

  private createRule(
    { id, runbook, description, pattern, paths, says }: NodeEvent,
    nodes: readonly FlinkNode[],
    suffix: string,
    { clusterName, topicArn, runbookUrl }: NodeEventsProps,
  ): void {
    const name = `flink-${clusterName}-${runbook}${suffix && `-${suffix}`}`;
    const rule = new CloudwatchEventRule(this, `${id}${suffix}`, {
      name,
      description: `A machine of the Flink cluster ${clusterName} ${description}`,
      eventPattern: JSON.stringify(pattern(nodes)),
      tags: { Name: name },
    });
    new CloudwatchEventTarget(this, `${id}${suffix}Target`, {
      rule: rule.name,
      targetId: "topic",
      arn: topicArn,
      inputTransformer: {
        inputPaths: { ...paths },
        // EventBridge takes a text in quotes, and puts values where names stand in angle brackets.
        inputTemplate: JSON.stringify(`${says(clusterName)} ${runbookSentence(runbook, runbookUrl)}`),
      },
    });
  }
}
