import { Annotations, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { Size } from "../core/size";
import { AwsAccount } from "../core/terraform/aws-account";
import { requireConstruct } from "../core/terraform/refusals";
import { requireKnown } from "../core/terraform/text";
import {
  OptionNames,
  refuse,
  requireBoolean,
  requireInstance,
  requireInteger,
  requireMap,
  requireOptionsOf,
  requireText,
  showValue,
} from "../core/validation";
import { requireKey } from "../encryption/key-checks";
import { requirePrivateAuthorities } from "../encryption/private-authorities";
import { Peer, requirePeer, requireSecurityGroupId } from "../network/peer";
import { requireRegionOfNetwork } from "../network/region-of-network";
import { FlinkSettings, InstanceType, resolveFlinkSettings, splitMemory } from "../settings";
import { requireSize } from "../settings/ranges";
import { checkCertificateValidity } from "./certificate-validity";
import { requireClusterName } from "./cluster-name";
import { FlinkClusterProps } from "./flink-cluster-props";
import { MaintenanceWindow } from "./maintenance-window";
import { requireRollout, Rollout } from "./rollout";
import { requireSoftware, Software } from "./software";
import { requireTags } from "./tags";

/** One node of the cluster, as far as names go. */
export interface NodeName {
  readonly name: string;
  /** Fully qualified. */
  readonly host: string;
  /** Number of its ZooKeeper server; absent where none runs. */
  readonly zooKeeperId?: number;
}

/** All props, checked and complete. */
export interface ClusterSettings {
  readonly clusterName: string;
  readonly nodes: readonly NodeName[];
  readonly zooKeeperNodeCount: number;
  readonly instanceType: InstanceType;
  readonly flink: FlinkSettings;
  readonly allowStateLoss: boolean;
  readonly certificateValidity: Duration;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly rollout: Rollout;
  readonly access: readonly Peer[];
  readonly additionalSecurityGroupIds: readonly string[];
  readonly dataVolumeSize: Size;
  readonly imageId?: string;
  readonly software: Software;
  readonly terminationProtection: boolean;
  readonly tags: { readonly [key: string]: string };
}

/** More machines than this want a cluster of their own: every TaskManager connects to every other. */
const MOST_NODES = 64;
/** AWS lets an interface be in five, where nobody asked for more, and one is ours. */
const MOST_ADDITIONAL_GROUPS = 4;
const WINDOW_EXAMPLE = 'MaintenanceWindow.daily({ start: "02:00", duration: Duration.hours(3) })';
const IMAGE_ID = /^ami-[0-9a-f]{8,17}$/;

const PROPS: OptionNames<FlinkClusterProps> = {
  network: true,
  checkpointBucket: true,
  clusterName: true,
  version: true,
  allowStateLoss: true,
  nodeCount: true,
  zooKeeperNodeCount: true,
  instanceType: true,
  numberOfTaskSlots: true,
  parallelism: true,
  restartStrategy: true,
  checkpointInterval: true,
  checkpointTimeout: true,
  pekkoAskTimeout: true,
  pekkoFrameSize: true,
  flinkConfiguration: true,
  dataVolumeSize: true,
  volumeEncryptionKey: true,
  certificateValidity: true,
  privateAuthorities: true,
  maintenanceWindow: true,
  rollout: true,
  access: true,
  additionalSecurityGroupIds: true,
  logLevel: true,
  logLevels: true,
  imageId: true,
  softwareBucket: true,
  software: true,
  terminationProtection: true,
  tags: true,
};

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkClusterProps(cluster: Construct, props: FlinkClusterProps): ClusterSettings {
  requireOptionsOf("props", props, PROPS);
  requireConstruct(
    "network",
    props.network,
    ["vpcId", "subnetIds", "privateZoneId", "domainName"],
    "a FlinkNetwork, or FlinkNetwork.fromFlinkNetworkAttributes()",
  );
  requireRegionOfNetwork("network", props.network, cluster);
  const ofBucket = ["bucketName", "bucketArn", "encryptionKeyArn", "guardsFor"];
  requireConstruct("checkpointBucket", props.checkpointBucket, ofBucket, "a CheckpointBucket");
  if (props.softwareBucket !== undefined) {
    requireConstruct("softwareBucket", props.softwareBucket, ofBucket, "a SoftwareBucket");
  }
  if (props.volumeEncryptionKey !== undefined) requireKey("volumeEncryptionKey", props.volumeEncryptionKey);
  requireKnownProps(props);

  const nodeCount = props.nodeCount ?? 3;
  requireInteger("nodeCount", nodeCount, 1, MOST_NODES);
  const zooKeeperNodeCount = checkZooKeeperNodeCount(cluster, props, nodeCount);
  const clusterName = checkClusterName(cluster, props);

  const flink = resolveFlinkSettings(
    {
      version: props.version,
      instanceType: props.instanceType,
      numberOfTaskSlots: props.numberOfTaskSlots,
      parallelism: props.parallelism,
      restartStrategy: props.restartStrategy,
      checkpointInterval: props.checkpointInterval,
      checkpointTimeout: props.checkpointTimeout,
      pekkoAskTimeout: props.pekkoAskTimeout,
      pekkoFrameSize: props.pekkoFrameSize,
      logLevel: props.logLevel,
      logLevels: props.logLevels,
      flinkConfiguration: props.flinkConfiguration,
    },
    nodeCount,
  );
  flink.warnings.forEach((warning) => Annotations.of(cluster).addWarning(warning));
  splitMemory(flink.instanceType);
  const allowStateLoss = props.allowStateLoss ?? false;
  requireBoolean("allowStateLoss", allowStateLoss);

  const software = props.software ?? Software.fetched();
  requireSoftware(software);
  const terminationProtection = props.terminationProtection ?? true;
  requireBoolean("terminationProtection", terminationProtection);
  if (props.privateAuthorities !== undefined) {
    requirePrivateAuthorities("privateAuthorities", props.privateAuthorities, AwsAccount.knownRegion(cluster));
  }
  if (props.maintenanceWindow !== undefined) {
    requireInstance("maintenanceWindow", props.maintenanceWindow, MaintenanceWindow, WINDOW_EXAMPLE);
  }
  const rollout = props.rollout ?? Rollout.wait();
  requireRollout(rollout);
  if (props.imageId !== undefined) {
    requireText("imageId", props.imageId, IMAGE_ID, "the id of an image such as ami-0123456789abcdef0");
  }
  return {
    clusterName,
    nodes: nameNodes(clusterName, props.network.domainName, nodeCount, zooKeeperNodeCount),
    zooKeeperNodeCount,
    instanceType: flink.instanceType,
    flink,
    allowStateLoss,
    certificateValidity: checkCertificateValidity(props.certificateValidity ?? Duration.days(90), nodeCount),
    maintenanceWindow: props.maintenanceWindow,
    rollout,
    access: checkAccess(props.access ?? []),
    additionalSecurityGroupIds: checkAdditionalGroups(props.additionalSecurityGroupIds ?? []),
    dataVolumeSize: checkDataVolumeSize(props.dataVolumeSize ?? Size.gibibytes(20)),
    imageId: props.imageId,
    software,
    terminationProtection,
    tags: requireTags("tags", props.tags ?? {}),
  };
}

/** These decide what is synthesized, so none of them can wait for Terraform. */
function requireKnownProps(props: FlinkClusterProps): void {
  const why = "it decides what is synthesized";
  const { clusterName, nodeCount, zooKeeperNodeCount, numberOfTaskSlots, parallelism, imageId } = props;
  for (const [property, value] of Object.entries({
    clusterName,
    nodeCount,
    zooKeeperNodeCount,
    numberOfTaskSlots,
    parallelism,
    imageId,
  })) {
    requireKnown(property, value, why);
  }
  for (const property of ["flinkConfiguration", "tags"] as const) {
    const map: unknown = props[property] ?? {};
    requireKnown(property, map, why);
    requireMap(property, map);
    for (const [key, value] of Object.entries(map)) {
      requireKnown(`a key of ${property}`, key, why);
      requireKnown(`${property}[${showValue(key)}]`, value, "it is checked and written at synth");
    }
  }
}

function checkZooKeeperNodeCount(cluster: Construct, props: FlinkClusterProps, nodeCount: number): number {
  const count = props.zooKeeperNodeCount ?? (nodeCount < 3 ? 1 : 3);
  if (![1, 3, 5].includes(count)) {
    refuse({
      property: "zooKeeperNodeCount",
      value: count,
      allowed: "1, 3 or 5",
      remedy: "set zooKeeperNodeCount to one of them, or leave it out",
    });
  }
  if (nodeCount < count) {
    refuse({
      property: "nodeCount",
      value: nodeCount,
      allowed: `at least zooKeeperNodeCount, which is ${count}`,
      remedy: "raise nodeCount or lower zooKeeperNodeCount",
    });
  }
  if (count === 1 && props.zooKeeperNodeCount === undefined) {
    Annotations.of(cluster).addWarning(
      `A cluster begun with ${nodeCount === 1 ? "one node" : "two nodes"} keeps one ZooKeeper for its life: while ` +
        "its machine is away no job runs; set nodeCount to 3 or more for a cluster that survives the loss of any machine",
    );
  }
  return count;
}

function checkClusterName(cluster: Construct, props: FlinkClusterProps): string {
  const given = props.clusterName;
  const name =
    given ??
    `${TerraformStack.of(cluster).node.id}-${cluster.node.id}`
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "");
  requireClusterName(given === undefined ? "the default of clusterName" : "clusterName", name);
  return name;
}

function checkDataVolumeSize(size: Size): Size {
  requireSize("dataVolumeSize", size, Size.gibibytes(8), Size.gibibytes(16 * 1024));
  if (!Number.isInteger(size.toGibibytes())) {
    refuse({
      property: "dataVolumeSize",
      value: size,
      allowed: "a whole number of GiB",
      remedy: `use Size.gibibytes(${Math.ceil(size.toGibibytes())})`,
    });
  }
  return size;
}

function checkAdditionalGroups(ids: readonly string[]): readonly string[] {
  const property = "additionalSecurityGroupIds";
  requireKnown(property, ids, "how many there are is checked at synth");
  if (!(ids instanceof Array) || ids.length > MOST_ADDITIONAL_GROUPS || new Set(ids).size !== ids.length) {
    refuse({
      property,
      value: ids,
      allowed: `a list of at most ${MOST_ADDITIONAL_GROUPS} different security groups, because a machine is a member of 5`,
      remedy: "name fewer, or put their rules into one",
    });
  }
  ids.forEach((id) => requireSecurityGroupId(property, id));
  return ids;
}

function checkAccess(peers: readonly Peer[]): readonly Peer[] {
  requireKnown("access", peers, "each of them is a rule, which is made at synth");
  if (!(peers instanceof Array)) {
    refuse({
      property: "access",
      value: peers,
      allowed: "a list of peers",
      remedy: 'use for example [Peer.cidr("10.1.0.0/16")]',
    });
  }
  peers.forEach((peer) => requirePeer("access", peer));
  const twice = peers.find((peer, index) => peers.findIndex((each) => each.toString() === peer.toString()) !== index);
  if (twice) {
    refuse({
      property: "access",
      value: `${twice.toString()} twice`,
      allowed: "each peer once",
      remedy: "leave out the second one",
    });
  }
  return peers;
}

function nameNodes(clusterName: string, domainName: string, nodeCount: number, zooKeeperNodeCount: number): NodeName[] {
  return Array.from({ length: nodeCount }, (_, index) => ({
    name: `${clusterName}-node-${index + 1}`,
    host: `node-${index + 1}.${clusterName}.${domainName}`,
    ...(index < zooKeeperNodeCount ? { zooKeeperId: index + 1 } : {}),
  }));
}
