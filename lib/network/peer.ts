import { isTextToken } from "../core/terraform/text";
import { requireInstance, requireText } from "../core/validation";
import { requirePrivateBlock } from "./cidr";

const SECURITY_GROUP_ID = /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Refuses all but the id of a security group or a value known only when Terraform runs. */
export function requireSecurityGroupId(property: string, id: unknown): void {
  if (!isTextToken(id)) {
    requireText(property, id, SECURITY_GROUP_ID, 'the id of a security group, such as "sg-0123456789abcdef0"');
  }
}

/** Of eight digits once, and longer now. */
const PREFIX_LIST_ID = /^pl-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** One side of a connection that is not ours: whom a door is opened for. Never the internet. */
export class Peer {
  /**
   * All machines that are members of a security group.
   *
   * @param securityGroupId such as `sg-0123456789abcdef0`, or the `id` attribute of a Terraform resource
   */
  public static securityGroup(securityGroupId: string): Peer {
    requireSecurityGroupId("Peer.securityGroup", securityGroupId);
    return new Peer(securityGroupId, undefined, undefined);
  }

  /**
   * A block of private IPv4 addresses: within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, size /8 to /32,
   * written from its first address. Public addresses are refused, for nothing of a cluster is reachable from
   * the internet.
   *
   * @param cidr such as `10.1.0.0/16`
   */
  public static cidr(cidr: string): Peer {
    requirePrivateBlock("Peer.cidr", cidr, 8, 32, "10.1.0.0/16");
    return new Peer(undefined, cidr, undefined);
  }

  /**
   * The blocks of a managed prefix list of the region, such as one that keeps the addresses of a company's offices in one
   * place. Each must be one that `Peer.cidr` takes: the plan refuses a list with others, and whoever plans needs
   * `ec2:DescribeManagedPrefixLists` and `ec2:GetManagedPrefixListEntries`. A rule counts for as many as the list may hold.
   *
   * @param prefixListId such as `pl-0123456789abcdef0`, or the `id` attribute of a Terraform resource
   */
  public static prefixList(prefixListId: string): Peer {
    if (!isTextToken(prefixListId)) {
      requireText(
        "Peer.prefixList",
        prefixListId,
        PREFIX_LIST_ID,
        'the id of a managed prefix list, such as "pl-0123456789abcdef0"',
      );
    }
    return new Peer(undefined, undefined, prefixListId);
  }

  private constructor(
    /** Set when the peer is a security group. */
    public readonly securityGroupId: string | undefined,
    /** Set when the peer is a block of addresses. */
    public readonly cidrBlock: string | undefined,
    /** Set when the peer is a prefix list. */
    public readonly prefixListId: string | undefined,
  ) {}

  /** For people: what the peer is. */
  public toString(): string {
    return this.cidrBlock ?? this.securityGroupId ?? this.prefixListId ?? "";
  }
}

/** Refuses anything but a `Peer`. */
export function requirePeer(property: string, value: unknown): asserts value is Peer {
  requireInstance(property, value, Peer, 'Peer.cidr("10.1.0.0/16")');
}
