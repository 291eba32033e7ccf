import { noPublicAddresses } from "./no-public-addresses";
import { only, testRule } from "./test-rule";

testRule(noPublicAddresses, {
  compliant: {
    "a private subnet": only("aws_subnet", { map_public_ip_on_launch: false }),
    "a machine": only("aws_instance", { associate_public_ip_address: false }),
    "a database": only("aws_db_instance", { publicly_accessible: false }),
    "a launch template": only("aws_launch_template", {
      network_interfaces: [{ associate_public_ip_address: "false" }],
    }),
  },
  nonCompliant: {
    "an internet gateway": only("aws_internet_gateway", {}),
    "a NAT gateway": only("aws_nat_gateway", {}),
    "an elastic address": only("aws_eip", {}),
    "a public subnet": only("aws_subnet", { map_public_ip_on_launch: true }),
    "a subnet that gives addresses of IPv6": only("aws_subnet", { assign_ipv6_address_on_creation: true }),
    "a machine": only("aws_instance", { associate_public_ip_address: true }),
    "a database": only("aws_db_instance", { publicly_accessible: true }),
    "a database that says nothing": only("aws_db_instance", {}),
    "a launch template": only("aws_launch_template", { network_interfaces: [{ associate_public_ip_address: "true" }] }),
  },
});
