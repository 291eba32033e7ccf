import { firewallDescriptions } from "./firewall-descriptions";
import { only, testRule } from "./test-rule";

const RULE = "aws_vpc_security_group_ingress_rule";

testRule(firewallDescriptions, {
  compliant: {
    "a group": only("aws_security_group", { description: "Nodes of the cluster (a)" }),
    "a rule with a dollar that Terraform unescapes": only(RULE, { description: "costs $${x}" }),
  },
  nonCompliant: {
    "a group without one": only("aws_security_group", {}),
    "a rule without one": only(RULE, { from_port: 1 }),
    "an empty one": only(RULE, { description: "" }),
    "an apostrophe": only(RULE, { description: "it's" }),
    "256 characters": only(RULE, { description: "x".repeat(256) }),
  },
});
