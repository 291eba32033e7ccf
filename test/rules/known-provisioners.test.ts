import { Block } from "../support/synthesized";
import { knownProvisioners } from "./known-provisioners";
import { only, testRule } from "./test-rule";

const publish = {
  command: 'node "$CLI" publish --flink 2.2 --origin official --bucket "$BUCKET" --region "$REGION"',
  interpreter: ["/bin/sh", "-c"],
};

const resize = {
  command: '[ "$IS" = "$SHALL" ] || node "$CLI" resize-machines --only larger --machines "$MACHINES"',
  interpreter: ["/bin/sh", "-c"],
};

function running(local: Block, type = "terraform_data") {
  return only(type, { provisioner: [{ "local-exec": local }] });
}

testRule(knownProvisioners, {
  compliant: {
    "the one that publishes": running(publish),
    "with what it takes along": running({ ...publish, command: publish.command.replace(" --bucket", " --logs$&") }),
    "with what it leaves out": running({ ...publish, command: publish.command.replace(" --bucket", " --no-logs$&") }),
    "the one that changes sizes": running(resize),
    "the one that lets nodes go": running({
      ...resize,
      command:
        '[ "$IS" = "$SHALL" ] || node "$CLI" remove-nodes --cluster "$CLUSTER" --was "$IS" --keep "$SHALL" --slots "$SLOTS"',
    }),
    "a resource without": only("terraform_data", {}),
  },
  nonCompliant: {
    "another program": running({ ...publish, command: "curl http://example.com" }),
    "a second program behind the first": running({ ...publish, command: `${publish.command}; rm -r /` }),
    "one that is run whatever is": running({ ...resize, command: `true || ${resize.command}` }),
    "another shell": running({ ...publish, interpreter: ["/bin/zsh", "-c"] }),
    "the known one in another place": running(publish, "aws_instance"),
    "a program on a machine": only("terraform_data", { provisioner: [{ "remote-exec": { inline: ["true"] } }] }),
    "a way to a machine": only("aws_instance", { connection: { type: "ssh" } }),
    "a program at plan": { data: { external: { it: { program: ["true"] } } } },
  },
});
