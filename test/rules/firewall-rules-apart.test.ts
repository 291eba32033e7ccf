import { firewallRulesApart } from "./firewall-rules-apart";
import { only, testRule } from "./test-rule";

testRule(firewallRulesApart, {
  compliant: {
    "a group": only("aws_security_group", { description: "Nodes" }),
    "an emptied default group": only("aws_default_security_group", {}),
    "a rule": only("aws_vpc_security_group_ingress_rule", { from_port: 1 }),
  },
  nonCompliant: {
    "a way in within a group": only("aws_security_group", { ingress: [{ from_port: 22 }] }),
    "a way out within a group": only("aws_security_group", { egress: { from_port: 0 } }),
    "a default group with a rule": only("aws_default_security_group", { ingress: [{ self: true }] }),
    "a rule of the old kind": only("aws_security_group_rule", { type: "ingress" }),
  },
});
