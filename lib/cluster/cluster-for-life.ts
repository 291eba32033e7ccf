import { Construct } from "constructs";
import { FixedForLife } from "../core/terraform/fixed-for-life";
import { BegunArchitecture } from "./begun-architecture";
import { BegunFlinkLine } from "./begun-flink-line";
import { ClusterSettings } from "./cluster-settings";

export interface ClusterForLifeProps {
  readonly settings: ClusterSettings;
  readonly checkpointBucketName: string;
  readonly softwareBucketName: string;
  readonly nodeAuthorityArn: string;
  readonly clientAuthorityArn: string;
}

/**
 * Holds what of a cluster must stay as it was begun. A changed number of ZooKeeper servers would make two quorums, another
 * bucket would leave the machines without their state, and another architecture would replace all machines at once. Another
 * authority would part the nodes that have its certificates from those that do not yet. Flink's line is none of these
 * values, as it can be held anew: it has requirements of its own.
 */
export function holdClusterForLife(cluster: Construct, props: ClusterForLifeProps): void {
  const { clusterName, zooKeeperNodeCount, flink, instanceType, terminationProtection, allowStateLoss } =
    props.settings;
  const { architecture } = instanceType;
  const { version } = flink;
  const { requirements } = new BegunFlinkLine(cluster, "BegunFlinkLine", { clusterName, version, allowStateLoss });
  const { requirement } = new BegunArchitecture(cluster, "BegunArchitecture", { clusterName, architecture });
  new FixedForLife(cluster, "FixedForLife", {
    values: {
      cluster_name: clusterName,
      zookeeper_node_count: String(zooKeeperNodeCount),
      checkpoint_bucket: props.checkpointBucketName,
      software_bucket: props.softwareBucketName,
      architecture,
      node_authority: props.nodeAuthorityArn,
      client_authority: props.clientAuthorityArn,
    },
    isProtected: terminationProtection,
    requirements: [...requirements, requirement],
  });
}
