import { instanceMetadata } from "./instance-metadata";
import { only, testRule } from "./test-rule";

const options = { http_tokens: "required", http_put_response_hop_limit: 1 };

testRule(instanceMetadata, {
  compliant: {
    "a machine with tokens and one hop": only("aws_instance", { metadata_options: options }),
    "a launch template with tokens and one hop": only("aws_launch_template", { metadata_options: [options] }),
    "a machine without metadata": only("aws_instance", { metadata_options: { http_endpoint: "disabled" } }),
  },
  nonCompliant: {
    "optional tokens": only("aws_instance", { metadata_options: { ...options, http_tokens: "optional" } }),
    "two hops": only("aws_instance", { metadata_options: { ...options, http_put_response_hop_limit: 2 } }),
    "an unsaid hop limit": only("aws_launch_template", { metadata_options: { http_tokens: "required" } }),
  },
});
