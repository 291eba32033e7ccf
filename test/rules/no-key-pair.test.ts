import { noKeyPair } from "./no-key-pair";
import { only, testRule } from "./test-rule";

testRule(noKeyPair, {
  compliant: { "a machine without one": only("aws_instance", { tags: { key_name: "a tag" } }) },
  nonCompliant: {
    "a key pair": only("aws_key_pair", {}),
    "a machine with one": only("aws_instance", { key_name: "mine" }),
    "a launch template with one": only("aws_launch_template", { key_name: "mine" }),
  },
});
