import { IPv4 } from "ipaddr.js";
import { requireKnown } from "../core/terraform/text";
import { refuse } from "../core/validation";

/** A block of IPv4 addresses that has passed the checks. */
export interface AddressBlock {
  readonly network: IPv4;
  /** Length of the prefix, such as 16. */
  readonly length: number;
}

/** The block that a text names, or undefined unless it is exactly how that block is written. */
function parse(text: unknown): AddressBlock | undefined {
  if (typeof text !== "string" || !IPv4.isValidCIDR(text)) return undefined;
  const [, length] = IPv4.parseCIDR(text);
  const network = IPv4.networkAddressFromCIDR(text);
  return `${network.toString()}/${length}` === text ? { network, length } : undefined;
}

/** Refuses all but a private block (RFC 1918) of a size in the range, written from its first address. */
export function requirePrivateBlock(
  property: string,
  value: unknown,
  shortest: number,
  longest: number,
  example: string,
): AddressBlock {
  requireKnown(property, value, "whether addresses are private is checked before anything is created");
  const block = parse(value);
  const isPrivate = block !== undefined && PRIVATE_BLOCKS.some((outer) => contains(outer, block));
  if (!block || !isPrivate || block.length < shortest || block.length > longest) {
    refuse({
      property,
      value,
      allowed: `a block of private IPv4 addresses (within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16) of size /${shortest} to /${longest}, written from its first address`,
      remedy: `use for example ${JSON.stringify(example)}`,
    });
  }
  return block;
}

const PRIVATE_BLOCKS: readonly AddressBlock[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => {
  const [network, length] = IPv4.parseCIDR(text);
  return { network, length };
});

function contains(outer: AddressBlock, inner: AddressBlock): boolean {
  return inner.length >= outer.length && inner.network.match(outer.network, outer.length);
}

/** The `index`-th of the equal parts that `bits` more bits of prefix make, as Terraform's `cidrsubnet`. */
export function subBlock(block: AddressBlock, bits: number, index: number): string {
  const length = block.length + bits;
  const first = block.network.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  const address = first + index * 2 ** (32 - length);
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${bytes.join(".")}/${length}`;
}
