import { each, Rule } from "./rule";

/** Nobody enters a machine by an SSH key. */
export const noKeyPair: Rule = {
  name: "no-key-pair",
  *problems(stack) {
    for (const [address] of each(stack, "aws_key_pair")) yield [address, "is a way into machines"];
    for (const [address, block] of each(stack, "aws_instance", "aws_launch_template", "aws_spot_instance_request")) {
      if (block.key_name !== undefined) yield [address, "lets the owner of a key pair in"];
    }
  },
};
