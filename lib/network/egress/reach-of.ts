import { refuse } from "../../core/validation";
import { Egress, requireEgress } from "./egress";
import { Reach } from "./reach";
import { SecurityGroupReach } from "./security-group-reach";

/** The two ways to say how a system is reached, of which one is to be given. */
export interface ReachAttributes {
  readonly securityGroupId?: string;
  readonly egress?: Egress;
}

/** The same, for clients of a system that know no proxy; `clients` says whose they are. */
export function directReachOf(attributes: ReachAttributes, clients: string): Reach {
  const reach = reachOf(attributes);
  if (reach.proxy === undefined) return reach;
  refuse({
    property: "egress",
    value: attributes.egress,
    allowed: `Egress.peered or Egress.privateLink, because ${clients} know no HTTP proxy`,
    remedy: "use one of the two; of the systems that jobs use, a proxy leads to OpenSearch alone",
  });
}

/** The one that is given; refuses none and both. */
export function reachOf({ securityGroupId, egress }: ReachAttributes): Reach {
  if (egress !== undefined) {
    requireEgress("egress", egress);
    if (securityGroupId === undefined) return egress._reach;
    refuse({
      property: "egress",
      value: egress,
      allowed: "left out where securityGroupId is given",
      remedy:
        "give securityGroupId alone for a system in the cluster's network or one that is peered with it in the same region, and egress alone for one elsewhere",
    });
  }
  if (securityGroupId !== undefined) return new SecurityGroupReach(securityGroupId);
  refuse({
    property: "securityGroupId",
    value: securityGroupId,
    allowed: "given, or egress in its place, because nodes reach nothing that is not named",
    remedy:
      'set securityGroupId to that of the system\'s machines, or egress to the way to another network, such as Egress.peered({ cidrs: ["10.20.0.0/24"] })',
  });
}
