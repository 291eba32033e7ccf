import { requireInstance } from "../../core/validation";
import { PeeredEgressOptions } from "./peered-egress-options";
import { PeeredReach } from "./peered-reach";
import { PrivateLinkEgressOptions } from "./private-link-egress-options";
import { PrivateLinkReach } from "./private-link-reach";
import { ProxyEgressOptions } from "./proxy-egress-options";
import { ProxyReach } from "./proxy-reach";
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
    return new Egress(new PeeredReach(options));
  }

  /**
   * An endpoint service of AWS PrivateLink, by which others offer a system without opening their network. The Flink
   * cluster's network gets an endpoint of it, and names that lead there.
   *
   * @param options the service, and what it is called
   */
  public static privateLink(options: PrivateLinkEgressOptions): Egress {
    return new Egress(new PrivateLinkReach(options));
  }

  /**
   * An HTTP proxy in the Flink cluster's network or one that is peered with it, which tunnels to the system (HTTP CONNECT)
   * without asking who calls. It decides which names and ports it leads to, and sees no more than these, as all else is within
   * TLS. Only OpenSearch is reached so, public endpoints of Amazon's domains among them, servers that take metrics by HTTPS, and
   * Grafana: clients of Kafka and PostgreSQL know no such proxy.
   *
   * @param options where it is
   */
  public static proxy(options: ProxyEgressOptions): Egress {
    return new Egress(new ProxyReach(options));
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
