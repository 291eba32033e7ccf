import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { ClusterRole } from "./cluster-role";
import { ClusterSettings } from "./cluster-settings";
import { FlinkClusterProps } from "./flink-cluster-props";
import { FlinkNode } from "./flink-node";

export interface ClusterNodesProps {
  readonly props: FlinkClusterProps;
  readonly settings: ClusterSettings;
  readonly role: ClusterRole;
  readonly securityGroupId: string;
  readonly volumeKeyArn: string;
  readonly imageId: string;
  /** What has to be there before the first machine, beside what they may. */
  readonly claim: ITerraformDependable;
}

/** The machines of a cluster, spread over the subnets of its network one after the other. */
export function createNodes(cluster: Construct, parts: ClusterNodesProps): readonly FlinkNode[] {
  const aws = AwsAccount.of(cluster);
  const { props, settings, role } = parts;
  const { network, checkpointBucket } = props;
  const softwareBucket = props.softwareBucket ?? checkpointBucket;
  return settings.nodes.map((node, index) => {
    const zone = index % network.subnetIds.length;
    return new FlinkNode(cluster, `Node${index + 1}`, {
      identity: {
        cluster: settings.clusterName,
        node: node.name,
        bucket: checkpointBucket.bucketName,
        softwareBucket: softwareBucket.bucketName,
        region: aws.region,
        dnsSuffix: aws.dnsSuffix,
      },
      host: node.host,
      privateZoneId: network.privateZoneId,
      subnetId: network.subnetIds[zone],
      availabilityZone: network.availabilityZones[zone],
      securityGroupIds: [parts.securityGroupId, ...settings.additionalSecurityGroupIds],
      instanceProfileName: role.instanceProfile.name,
      instanceType: settings.instanceType.name,
      imageId: parts.imageId,
      volumeKeyArn: parts.volumeKeyArn,
      dataVolumeSize: settings.dataVolumeSize,
      terminationProtection: settings.terminationProtection,
      tags: settings.tags,
      dependsOn: [parts.claim, ...role.permissions],
    });
  });
}
