import path from "node:path";
import { TerraformStack } from "cdktf";
import { parse } from "yaml";
import {
  CheckpointBucket,
  FlinkCluster,
  FlinkClusterProps,
  FlinkNetwork,
  FlinkNetworkAttributes,
  ICheckpointBucket,
  IFlinkNetwork,
  Software,
  SoftwareOrigin,
} from "../../lib";
import type { DesiredState } from "../../lib/node/desired-state";
import { Synthesized } from "../support/synth";

/** The lock file of this repository, which names the parts that package registries have. */
export const LOCK_FILE = path.resolve(__dirname, "..", "..", "cdktf-flink.lock.json");

export const KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

/** Software that lies in the bucket already. */
export function publishedSoftware(): Software {
  return Software.published({ lockFile: LOCK_FILE, origin: SoftwareOrigin.PACKAGE_REGISTRIES });
}

export const NETWORK_ATTRIBUTES: FlinkNetworkAttributes = {
  vpcId: "vpc-0123456789abcdef0",
  cidr: "10.1.0.0/16",
  subnetIds: ["subnet-00000000000000001", "subnet-00000000000000002", "subnet-00000000000000003"],
  availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  s3PrefixListId: "pl-6da54004",
  privateZoneId: "Z0123456789ABCDEFGHIJ",
  domainName: "flink.internal",
};

/** A network of others, so that what is synthesized is the cluster alone. */
export function someNetwork(stack: TerraformStack, id = "network"): IFlinkNetwork {
  const interfaceEndpoints = { kms: "sg-00000000000000443", "acm-pca": "sg-00000000000000444" };
  return FlinkNetwork.fromFlinkNetworkAttributes(stack, id, { ...NETWORK_ATTRIBUTES, interfaceEndpoints });
}

/** A bucket of others. */
export function someBucket(stack: TerraformStack, id = "checkpoints"): ICheckpointBucket {
  return CheckpointBucket.fromCheckpointBucketAttributes(stack, id, {
    bucketName: "some-checkpoints",
    encryptionKeyArn: KEY_ARN,
  });
}

/** A cluster named `orders` in a network and beside a bucket of others, where nothing else is said. */
export function cluster(stack: TerraformStack, props: Partial<FlinkClusterProps> = {}, id = "flink"): FlinkCluster {
  const network = "network" in props ? props.network : someNetwork(stack, `${id}-network`);
  const checkpointBucket =
    "checkpointBucket" in props ? props.checkpointBucket : someBucket(stack, `${id}-checkpoints`);
  return new FlinkCluster(stack, id, {
    clusterName: "orders",
    software: publishedSoftware(),
    ...props,
    network: network as IFlinkNetwork,
    checkpointBucket: checkpointBucket as ICheckpointBucket,
  });
}

/** Text as Terraform reads it where nothing in it is an expression: `$${` and `%%{` stand for `${` and `%{`. */
export function asTerraformReads(text: string): string {
  return text.replace(/([$%])\1\{/g, "$1{");
}

/** The desired state that was synthesized, references to Terraform's values left as they are. */
export function desiredState(synthesized: Synthesized): DesiredState {
  return JSON.parse(asTerraformReads(synthesized.single("aws_s3_object").content as string)) as DesiredState;
}

/** What Flink's configuration says on a node of that state. */
export function flinkConfiguration(state: DesiredState, node = 0): Record<string, string> {
  const { files } = state.nodes[node];
  const file = files.find(({ path: each }) => each.endsWith("/config.yaml"));
  return parse(file!.content, { version: "1.2", schema: "core" }) as Record<string, string>;
}
