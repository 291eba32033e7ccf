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
export function parseBlock(text: unknown): AddressBlock | undefined {
  if (typeof text !== "string" || !IPv4.isValidCIDR(text)) return undefined;
  const [, length] = IPv4.parseCIDR(text);
  const network = IPv4.networkAddressFromCIDR(text);
  return `${network.toString()}/${length}` === text ? { network, length } : undefined;
}

/** RFC 1918. */
const PRIVATE_BLOCKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** And what no router of the internet leads to either, and other networks of AWS are made of as well (RFC 6598). */
export const PRIVATE_AND_SHARED_BLOCKS: readonly string[] = [...PRIVATE_BLOCKS, "100.64.0.0/10"];

/** Refuses all but a private block (of RFC 1918, if no others are named) of a size in the range, written from its first address. */
export function requirePrivateBlock(
  property: string,
  value: unknown,
  shortest: number,
  longest: number,
  example: string,
  within: readonly string[] = PRIVATE_BLOCKS,
): AddressBlock {
  requireKnown(property, value, "whether addresses are private is checked before anything is created");
  const block = parseBlock(value);
  const isPrivate = block !== undefined && within.some((outer) => contains(parseBlock(outer)!, block));
  if (!block || !isPrivate || block.length < shortest || block.length > longest) {
    refuse({
      property,
      value,
      allowed: `a block of private IPv4 addresses (within ${within.slice(0, -1).join(", ")} or ${within[within.length - 1]}) of size /${shortest} to /${longest}, written from its first address`,
      remedy: `use for example ${JSON.stringify(example)}`,
    });
  }
  return block;
}

/** Whether some address is in both. */
export function overlap(one: AddressBlock, other: AddressBlock): boolean {
  return contains(one, other) || contains(other, one);
}

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
