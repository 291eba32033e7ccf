import { Block } from "../support/synthesized";
import { everything, nested, Rule } from "./rule";

/** Commands that an apply may run on the machine it runs on: those of this package's own command line. */
const KNOWN_COMMANDS = [
  /^node "\$CLI" publish( --(no-connector|logs|no-logs)| --[a-z-]+ ([A-Za-z0-9._-]+|"\$[A-Z_]+"))*$/,
  /^\[ "\$IS" = "\$SHALL" \] \|\| node "\$CLI" resize-machines( --[a-z-]+ ([A-Za-z0-9._-]+|"\$[A-Z_]+"))*$/,
  /^\[ "\$IS" = "\$SHALL" \] \|\| node "\$CLI" remove-nodes( --[a-z-]+ "\$[A-Z_]+")*$/,
  /^node "\$CLI" await-rollout( --[a-z-]+ "\$[A-Z_]+")*$/,
];
const SHELL = '["/bin/sh","-c"]';

/** Terraform runs no program but those that publish the software, change sizes, let nodes go and wait for them, and reaches into no machine. */
export const knownProvisioners: Rule = {
  name: "known-provisioners",
  *problems(stack) {
    for (const [address, block] of everything(stack)) {
      for (const provisioner of nested(block.provisioner)) {
        const known = isKnown(provisioner) && address.startsWith("terraform_data.");
        if (!known) yield [address, `runs a program: ${JSON.stringify(provisioner)}`];
      }
      if (block.connection !== undefined) yield [address, "connects to a machine"];
    }
    for (const id of Object.keys(((stack.json.data as Block | undefined)?.external ?? {}) as Block)) {
      yield [`data.external.${id}`, "runs a program at every plan"];
    }
  },
};

function isKnown(provisioner: Block): boolean {
  const { command, interpreter } = (provisioner["local-exec"] ?? {}) as Block;
  return (
    Object.keys(provisioner).join() === "local-exec" &&
    KNOWN_COMMANDS.some((known) => known.test(command as string)) &&
    JSON.stringify(interpreter) === SHELL
  );
}
