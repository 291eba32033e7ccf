import { TerraformOutput } from "cdktf";
import { AwsAccount } from "../core/terraform/aws-account";
import { FlinkClusterBase } from "./flink-cluster-base";

/** What the output of a cluster tells of it. */
export interface DescribedCluster extends FlinkClusterBase {
  readonly nodeNames: string[];
  readonly nodeHosts: string[];
  readonly nodeRoleName: string;
  readonly nodeSecurityGroupId: string;
}

/** One output per cluster, named after it. */
export function createClusterOutput(cluster: DescribedCluster, checkpointBucketName: string): void {
  const { clusterName } = cluster;
  const { region } = AwsAccount.of(cluster);
  const output = new TerraformOutput(cluster, "Output", {
    description: `The Flink cluster ${clusterName}`,
    value: {
      cluster_name: clusterName,
      region,
      checkpoint_bucket: checkpointBucketName,
      node_names: cluster.nodeNames,
      node_hosts: cluster.nodeHosts,
      rest_addresses: cluster.restAddresses,
      checkpoints: cluster.checkpointsUri,
      savepoints: cluster.savepointsUri,
      job_role_name: cluster.jobRoleName,
      node_role_name: cluster.nodeRoleName,
      node_security_group_id: cluster.nodeSecurityGroupId,
      client_security_group_id: cluster.clientSecurityGroupId,
      wait_command: `npx cdktf-flink wait --cluster ${clusterName} --region ${region}`,
      node_authority_arn: cluster.nodeAuthorityArn,
      client_authority_arn: cluster.clientAuthorityArn,
    },
  });
  output.overrideLogicalId(clusterName);
}
