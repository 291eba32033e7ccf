import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { Peer } from "./peer";
import { peerId } from "./rule-id";

const OCTET = "[0-9]+";
/** Blocks within those of RFC 1918, of size /8 at least. */
const PRIVATE_BLOCK =
  `^(10[.]${OCTET}[.]${OCTET}[.]${OCTET}/(8|9|[12][0-9]|3[0-2])|` +
  `172[.](1[6-9]|2[0-9]|3[01])[.]${OCTET}[.]${OCTET}/(1[2-9]|2[0-9]|3[0-2])|` +
  `192[.]168[.]${OCTET}[.]${OCTET}/(1[6-9]|2[0-9]|3[0-2]))$`;

/**
 * Has the plan refuse a peer that is a prefix list with an address of the internet in it. What somebody adds to the list
 * later is refused by the next plan, and open until then.
 *
 * @param scope where the rule is that names the peer
 * @param peer of any kind
 */
export function refusePublicPrefixList(scope: Construct, peer: Peer): TerraformResourceLifecycle | undefined {
  if (peer.prefixListId === undefined) return undefined;
  const id = `list-${peerId(scope, peer)}`;
  const known = scope.node.tryFindChild(id) as DataAwsEc2ManagedPrefixList | undefined;
  const list = known ?? new DataAwsEc2ManagedPrefixList(scope, id, { id: peer.prefixListId });
  return {
    precondition: [
      {
        condition: `\${alltrue([for entry in ${list.fqn}.entries : can(regex("${PRIVATE_BLOCK}", entry.cidr))])}`,
        errorMessage: `The prefix list ${peer.prefixListId} holds blocks that are not private IPv4 addresses (within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16), and nothing of a cluster is reachable from the internet: name another list, or take them out of it.`,
      },
    ],
  };
}
