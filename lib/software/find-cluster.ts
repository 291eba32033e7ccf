import {
  GetGroupCommand,
  GetTagsCommand,
  paginateListGroups,
  type ResourceGroupsClient,
} from "@aws-sdk/client-resource-groups";
import { BUCKET_TAG, CLAIM_PREFIX, claimName } from "../core/cluster-claim";
import { nearest } from "../core/nearest";
import { printable } from "../core/printable";
import { awsProblem } from "./access-problem";
import { Problem } from "./problem";

/** As many names as a sentence holds. */
const MOST_NAMES = 8;

/**
 * The checkpoint bucket of the cluster of a name, by the resource group that holds the name: an account has one such
 * group in each region. It needs resource-groups:GetGroup and resource-groups:GetTags for that group.
 */
export async function bucketOfCluster(client: ResourceGroupsClient, cluster: string): Promise<string> {
  const region = await regionOf(client);
  let bucket: string | undefined;
  try {
    const { Group } = await client.send(new GetGroupCommand({ Group: claimName(cluster) }));
    const { Tags } = await client.send(new GetTagsCommand({ Arn: Group?.GroupArn }));
    bucket = Tags?.[BUCKET_TAG];
  } catch (failure) {
    if ((failure as Error).name !== "NotFoundException")
      throw awsProblem(`looking for the cluster ${cluster}`, failure);
    throw new Problem(
      `there is no cluster named ${cluster} in ${region} in the account of your credentials${await othersThan(cluster, client)}`,
      { cause: failure },
    );
  }
  if (bucket !== undefined) return bucket;
  throw new Problem(
    `the resource group ${claimName(cluster)} does not say which bucket is the cluster's: apply its stack with this version of cdktf-flink, or give --bucket`,
  );
}

/** The region that a client calls, as the AWS tools find it where it was not named. */
export async function regionOf(client: { readonly config: { region(): Promise<string> } }): Promise<string> {
  try {
    return await client.config.region();
  } catch (failure) {
    throw awsProblem("finding the region", failure);
  }
}

/** What to do where there is none of the name; whoever may not list the groups is told no names. */
async function othersThan(cluster: string, client: ResourceGroupsClient): Promise<string> {
  let names: readonly string[];
  try {
    names = await clusterNames(client);
  } catch {
    return ": check --cluster, --region and AWS_PROFILE";
  }
  if (names.length === 0) return ", nor any other: check --region and AWS_PROFILE";
  const alike = nearest(cluster, names);
  if (alike !== undefined) return `: did you mean ${alike}?`;
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `, where there are ${shown.join(", ")}${more}: check --cluster, --region and AWS_PROFILE`;
}

/** The names of all clusters that there are; it needs resource-groups:ListGroups. */
export async function clusterNames(client: ResourceGroupsClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { GroupIdentifiers = [] } of paginateListGroups({ client }, {})) {
    for (const { GroupName = "" } of GroupIdentifiers) {
      if (GroupName.startsWith(CLAIM_PREFIX)) names.push(printable(GroupName.slice(CLAIM_PREFIX.length)));
    }
  }
  return names.sort();
}
