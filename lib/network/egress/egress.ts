import { requireInstance } from "../../core/validation";
import { PeeredEgressOptions } from "./peered-egress-options";
import { PeeredReach } from "./peered-reach";
import { PrivateLinkEgressOptions } from "./private-link-egress-options";
import { PrivateLinkReach } from "./private-link-reach";
import { Reach } from "./reach";

/**
 * A way from the nodes of a Flink cluster to a system outside of its network. It opens the system's ports to the nodes of
 * clusters that use it and nothing else; there is no way to the internet.
 */
export class Egress {
  /**
   * Private addresses in another network, of AWS or of a site of your own, to which a peering connection, a transit gateway
   * or routes of your own lead. What stands on the other side must let the nodes in itself.
   *
   * @param options the addresses, and what leads there
   */
  public static peered(options: PeeredEgressOptions): Egress {
    return new Egress(new PeeredReach("the argument of Egress.peered", options));
  }

  /**
   * An endpoint service of AWS PrivateLink, by which others offer a system without opening their network. The Flink
   * cluster's network gets an endpoint of it, and names that lead there.
   *
   * @param options the service, and what it is called
   */
  public static privateLink(options: PrivateLinkEgressOptions): Egress {
    return new Egress(new PrivateLinkReach("the argument of Egress.privateLink", options));
  }

  private constructor(
    /** @internal */
    public readonly _reach: Reach,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return this._reach.title;
  }
}

/** Refuses anything but an `Egress`. */
export function requireEgress(property: string, value: unknown): asserts value is Egress {
  requireInstance(property, value, Egress, 'Egress.peered({ cidrs: ["10.20.0.0/24"] })');
}
