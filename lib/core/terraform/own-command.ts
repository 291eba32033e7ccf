import * as path from "path";
import { App, Lazy, LocalExecProvisioner, TerraformStack } from "cdktf";
import { IConstruct } from "constructs";
import { packageRoot } from "../package-root";
import { escapeTerraformText } from "./text";

/**
 * The command line of this very package, run by an apply, so that users need no other tool. It is at `$CLI`.
 *
 * @param scope of the stack in which it is run
 * @param command for `/bin/sh`; asked for when the program is synthesized
 * @param environment what the command names
 */
export function ownCommand(
  scope: IConstruct,
  command: () => string,
  environment: { readonly [name: string]: string },
): LocalExecProvisioner {
  return {
    type: "local-exec",
    command: Lazy.stringValue({ produce: command }),
    interpreter: ["/bin/sh", "-c"],
    environment: {
      CLI: escapeTerraformText(fromStackFolder(scope, path.join(packageRoot(), "build", "bin", "cdktf-flink.js"))),
      ...environment,
    },
  };
}

/** A path as Terraform has it, which runs in the folder of the stack: the same on every machine of a team. */
export function fromStackFolder(scope: IConstruct, target: string): string {
  const stackFolder = path.resolve(App.of(scope).outdir, "stacks", TerraformStack.of(scope).node.id);
  return path.relative(stackFolder, target).split(path.sep).join("/");
}
