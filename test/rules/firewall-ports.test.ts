import { firewallPorts } from "./firewall-ports";
import { only, testRule } from "./test-rule";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const rule = { ip_protocol: "tcp", from_port: 6122, to_port: 6122, cidr_ipv4: "10.0.0.0/8" };

testRule(firewallPorts, {
  compliant: {
    "one port for one block": only(INGRESS, rule),
    "one port to one prefix list": only("aws_vpc_security_group_egress_rule", {
      ...rule,
      cidr_ipv4: undefined,
      prefix_list_id: "pl-1",
    }),
  },
  nonCompliant: {
    "a range of ports": only(INGRESS, { ...rule, to_port: 6130 }),
    "every protocol": only(INGRESS, { ip_protocol: "-1", cidr_ipv4: "10.0.0.0/8" }),
    "every port of TCP": only(INGRESS, { ip_protocol: "tcp", cidr_ipv4: "10.0.0.0/8" }),
    UDP: only("aws_vpc_security_group_egress_rule", { ...rule, ip_protocol: "udp" }),
    "no peer": only(INGRESS, { ...rule, cidr_ipv4: undefined }),
    "two peers": only(INGRESS, { ...rule, referenced_security_group_id: "sg-1" }),
  },
});
