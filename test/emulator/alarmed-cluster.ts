import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeInstanceAttributeCommand, DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { CheckpointBucket, FlinkClusterAlarms, type FlinkClusterProps, FlinkNetwork, RemovalPolicy } from "../../lib";
import { cluster } from "../cluster/support";
import { type Block, type Synthesized, synthesize } from "../support/synth";
import type { Terraform } from "../support/terraform";
import type { EmulatorClients } from "./clients";
import type { Workspace } from "./workspace";

/** Its only node. */
export const NODE = "orders-node-1";
/** Of the cluster comes what they need of it: its rest wants software that is there, and is made in the lab. */
const OF_ALARMS = /^alarms_/;

/** Writes the configuration of a cluster of one node, with its alarms. */
export function writeAlarmedCluster({ dir }: Workspace, props: Partial<FlinkClusterProps> = {}): Synthesized {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY });
    new FlinkClusterAlarms(stack, "alarms", {
      cluster: cluster(stack, { network, checkpointBucket, nodeCount: 1, ...props }),
    });
  });
  writeFileSync(join(dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  return synthesized;
}

/** What is applied of it: the alarms, and the machine with its volume. */
export function targetsOf({ json }: Synthesized): readonly string[] {
  return Object.entries(json.resource as Record<string, object>).flatMap(([type, resources]) =>
    Object.keys(resources)
      .filter((id) => OF_ALARMS.test(id) || type === "aws_volume_attachment")
      .map((id) => `-target=${type}.${id}`),
  );
}

/** What Terraform's state has. */
export async function applied(
  terraform: Terraform,
): Promise<readonly { readonly type: string; readonly values: Block }[]> {
  const state = (await terraform.show()) as {
    values: { root_module: { resources: { type: string; values: Block }[] } };
  };
  return state.values.root_module.resources;
}

/** The node's machine that runs. */
export async function machineOf({ ec2 }: EmulatorClients): Promise<Instance | undefined> {
  const Filters = [
    { Name: "tag:Name", Values: [NODE] },
    { Name: "instance-state-name", Values: ["running"] },
  ];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances)[0];
}

/** Whether that machine is protected against termination. */
export async function isProtected(aws: EmulatorClients): Promise<boolean | undefined> {
  const question = { InstanceId: (await machineOf(aws))!.InstanceId, Attribute: "disableApiTermination" } as const;
  return (await aws.ec2.send(new DescribeInstanceAttributeCommand(question))).DisableApiTermination?.Value;
}
