import { each, nested, Rule } from "./rule";

/** What makes a way between a network and the internet. */
const WAYS = [
  "aws_eip",
  "aws_eip_association",
  "aws_egress_only_internet_gateway",
  "aws_internet_gateway",
  "aws_internet_gateway_attachment",
  "aws_nat_gateway",
];
const BY_SUBNET = ["map_public_ip_on_launch", "assign_ipv6_address_on_creation", "map_customer_owned_ip_on_launch"];

/** Nothing has a public address, and no network a gateway to where such addresses are. */
export const noPublicAddresses: Rule = {
  name: "no-public-addresses",
  *problems(stack) {
    for (const [address] of each(stack, ...WAYS)) yield [address, "leads to the internet"];
    for (const [address, block] of each(stack, "aws_subnet", "aws_default_subnet")) {
      for (const flag of BY_SUBNET) if (block[flag]) yield [address, `gives public addresses (${flag})`];
    }
    for (const [address, block] of each(stack, "aws_instance")) {
      if (block.associate_public_ip_address) yield [address, "has a public address"];
    }
    for (const [address, block] of each(stack, "aws_db_instance")) {
      // Said nowhere, it depends on the network.
      if (block.publicly_accessible !== false) yield [address, "may have a public address"];
    }
    for (const [address, block] of each(stack, "aws_launch_template")) {
      if (nested(block.network_interfaces).some((each) => String(each.associate_public_ip_address) === "true")) {
        yield [address, "has a public address"];
      }
    }
  },
};
