import { IPv4, IPv6 } from "ipaddr.js";
import { everything, Rule } from "./rule";

/** Types that say with whom machines may speak, where an address block may only be private. */
const DOORS =
  /^aws_(security_group|security_group_rule|vpc_security_group_(in|e)gress_rule|default_security_group|network_acl|network_acl_rule|default_network_acl|route|route_table|ec2_managed_prefix_list|ec2_managed_prefix_list_entry)\./;

/** With an end, for 10.0.0.0/8 is no such thing. */
const WHOLE_INTERNET = /(?<![\d.])0\.0\.0\.0\/0|(?<![\da-f:])::\/0/i;
/** RFC 1918, RFC 6598 (to which no router of the internet leads, and of which networks of AWS are made as well), RFC 4193. */
const PRIVATE_RANGES = ["private", "carrierGradeNat", "uniqueLocal"];

/** No door, in or out, that leads to more than private addresses; and the whole internet is named nowhere at all. */
export const noWholeInternet: Rule = {
  name: "no-whole-internet",
  *problems(stack) {
    for (const [address, block] of everything(stack)) {
      const open = DOORS.test(address) ? textsIn(block).filter(isPublicBlock) : [];
      for (const cidr of open) yield [address, `lets ${cidr} through, which is not private`];
      if (open.length === 0 && WHOLE_INTERNET.test(JSON.stringify(block))) yield [address, "names the whole internet"];
    }
  },
};

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

/** Whether a text is a block of addresses of which one is public. */
function isPublicBlock(text: string): boolean {
  for (const family of [IPv4, IPv6]) {
    if (!family.isValidCIDR(text)) continue;
    const [first, length] = family.parseCIDR(text);
    const bits = first.toByteArray().length * 8;
    // Shorter than any private range is more than that range.
    return length < (bits === 32 ? 8 : 7) || !PRIVATE_RANGES.includes(first.range());
  }
  return false;
}
