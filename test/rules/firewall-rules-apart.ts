import { each, nested, Rule } from "./rule";

const HOLDERS = ["aws_security_group", "aws_default_security_group"];

/** Rules are resources of their own, which the other rules judge; within a group they would undo each other as well. */
export const firewallRulesApart: Rule = {
  name: "firewall-rules-apart",
  *problems(stack) {
    for (const [address, { ingress, egress }] of each(stack, ...HOLDERS)) {
      if (nested(ingress).length + nested(egress).length > 0) yield [address, "has rules within it"];
    }
    for (const [address] of each(stack, "aws_security_group_rule")) {
      yield [address, "is of the old kind: use aws_vpc_security_group_ingress_rule or _egress_rule"];
    }
  },
};
