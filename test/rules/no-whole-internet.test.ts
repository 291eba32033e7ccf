import { noWholeInternet } from "./no-whole-internet";
import { only, testRule } from "./test-rule";

testRule(noWholeInternet, {
  compliant: {
    "a private block": only("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "10.0.0.0/8" }),
    "a shared block": only("aws_route", { destination_cidr_block: "100.64.0.0/10" }),
    "a unique local block": only("aws_vpc_security_group_egress_rule", { cidr_ipv6: "fd00::/8" }),
    "a group": only("aws_vpc_security_group_egress_rule", { referenced_security_group_id: "sg-1" }),
    "a public resolver in a file": only("aws_s3_object", { content: "nameserver 9.9.9.9" }),
  },
  nonCompliant: {
    "a way in from everywhere": only("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "0.0.0.0/0" }),
    "a way out to everywhere": only("aws_vpc_security_group_egress_rule", { cidr_ipv6: "::/0" }),
    "half of the internet": only("aws_vpc_security_group_egress_rule", { cidr_ipv4: "0.0.0.0/1" }),
    "more than a private range": only("aws_vpc_security_group_egress_rule", { cidr_ipv4: "10.0.0.0/7" }),
    "more than the shared block": only("aws_vpc_security_group_egress_rule", { cidr_ipv4: "100.0.0.0/8" }),
    "one public machine": only("aws_security_group_rule", { cidr_blocks: ["203.0.113.7/32"] }),
    "a block within a group": only("aws_security_group", { ingress: [{ cidr_blocks: ["0.0.0.0/0"] }] }),
    "one block within a group": only("aws_security_group", { egress: { ipv6_cidr_blocks: ["::/0"] } }),
    "a network list": only("aws_network_acl_rule", { cidr_block: "0.0.0.0/0" }),
    "a route": only("aws_route", { destination_cidr_block: "0.0.0.0/0" }),
    "a prefix list": only("aws_ec2_managed_prefix_list", { entry: [{ cidr: "0.0.0.0/0" }] }),
    "a policy": only("aws_iam_policy", { policy: '{"aws:SourceIp":"0.0.0.0/0"}' }),
  },
});
