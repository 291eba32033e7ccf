import { each, nested, Rule } from "./rule";

/** Machines answer for their metadata by session tokens only (IMDSv2), which no further hop sees. */
export const instanceMetadata: Rule = {
  name: "instance-metadata",
  *problems(stack) {
    for (const [address, block] of each(stack, "aws_instance", "aws_launch_template")) {
      const [options = {}] = nested(block.metadata_options);
      if (options.http_endpoint === "disabled") continue;
      if (options.http_tokens !== "required") yield [address, "gives metadata without a session token"];
      // Said nowhere, it is what the account or the image has.
      if (options.http_put_response_hop_limit !== 1) yield [address, "has another hop limit for metadata than 1"];
    }
  },
};
