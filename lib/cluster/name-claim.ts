import { ResourcegroupsGroup } from "@cdktf/provider-aws/lib/resourcegroups-group";
import { Construct } from "constructs";
import { BUCKET_TAG, claimName } from "../core/cluster-claim";

export interface NameClaimProps {
  readonly clusterName: string;
  readonly checkpointBucketName: string;
  readonly tags: { readonly [key: string]: string };
}

/**
 * Holds a cluster's name, once per account and region: what depends on it is not created beside another program's
 * cluster of the same name, whose objects it would overwrite. A resource group does, as its name is unique and it costs
 * nothing. It holds what a user tags `cdktf-flink-cluster` with the cluster's name. Its own tag tells where the cluster's
 * bucket is, so that the name alone leads there.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_CreateGroup.html
 */
export class NameClaim extends Construct {
  public readonly resource: ResourcegroupsGroup;

  public constructor(scope: Construct, id: string, { clusterName, checkpointBucketName, tags }: NameClaimProps) {
    super(scope, id);
    const query = {
      ResourceTypeFilters: ["AWS::AllSupported"],
      TagFilters: [{ Key: "cdktf-flink-cluster", Values: [clusterName] }],
    };
    this.resource = new ResourcegroupsGroup(this, "Resource", {
      name: claimName(clusterName),
      description: `Holds the name of the Flink cluster ${clusterName}`,
      resourceQuery: { query: JSON.stringify(query), type: "TAG_FILTERS_1_0" },
      tags: { ...tags, [BUCKET_TAG]: checkpointBucketName },
    });
  }
}
