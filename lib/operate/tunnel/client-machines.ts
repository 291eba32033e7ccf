import { paginateDescribeInstances, type EC2Client } from "@aws-sdk/client-ec2";
import { CLIENT_TAG } from "../../core/client-tag";
import { awsProblem } from "../../software/access-problem";
import { Problem } from "../../software/problem";

/** Ids of the running machines through which Session Manager leads to the nodes of a cluster. */
export async function clientMachines(ec2: EC2Client, cluster: string): Promise<readonly string[]> {
  const Filters = [
    { Name: `tag:${CLIENT_TAG}`, Values: [cluster] },
    { Name: "instance-state-name", Values: ["running"] },
  ];
  const ids: string[] = [];
  try {
    for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters })) {
      for (const { Instances = [] } of page.Reservations ?? []) ids.push(...Instances.map((each) => each.InstanceId!));
    }
  } catch (failure) {
    throw awsProblem(`looking for the machine that leads to ${cluster} (it can be named with --through)`, failure);
  }
  if (ids.length === 0) {
    throw new Problem(
      `no machine that runs has the tag ${CLIENT_TAG} = ${cluster}, through which Session Manager could lead to the nodes: deploy one as examples/client does, name another one with --through, or give --direct where this machine is in the cluster's network`,
    );
  }
  return ids.sort();
}
