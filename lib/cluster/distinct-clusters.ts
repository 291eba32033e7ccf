import { IConstruct } from "constructs";
import { withReferences } from "../core/terraform/text";
import { refuse } from "../core/validation";
import { PrivateAuthorities } from "../encryption/private-authorities";
import { IFlinkCluster } from "./i-flink-cluster";

/** Two clusters of one name would overwrite each other's recovery metadata where they share a bucket, from whatever region. */
export function refuseTwin(
  { clusterName, checkpointsUri }: Pick<IFlinkCluster, "clusterName" | "checkpointsUri">,
  others: readonly IFlinkCluster[],
): void {
  // Where its state lies says the bucket and the name.
  const twin = others.find((other) => other.checkpointsUri === checkpointsUri);
  if (!twin) return;
  refuse({
    property: "clusterName",
    value: clusterName,
    allowed: `a name that no other cluster beside this bucket has, and ${twin.node.path} has it`,
    remedy: "give one of the two another clusterName",
  });
}

/** Whoever has a certificate of an authority passes for a node, or an operator, of every cluster that trusts it. */
export function refuseSharedAuthorities(
  cluster: IConstruct,
  { nodeAuthorityArn, clientAuthorityArn }: PrivateAuthorities,
  others: readonly IFlinkCluster[],
): void {
  for (const [name, arn] of Object.entries({ nodeAuthorityArn, clientAuthorityArn })) {
    const owner = others.find((one) =>
      [one.nodeAuthorityArn, one.clientAuthorityArn].some(
        (other) => withReferences(one, other) === withReferences(cluster, arn),
      ),
    );
    if (!owner) continue;
    refuse({
      property: `privateAuthorities.${name}`,
      value: arn,
      allowed: `an authority that no other cluster has, and ${owner.node.path} has it`,
      remedy: "name another authority, below which no other cluster's is",
    });
  }
}
