import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Problem } from "../software/problem";

/** As the CDK for Terraform has it. */
const PROJECT_FILE = "cdktf.json";
const DEFAULT_OUTPUT = "cdktf.out";

/**
 * The folder of a synthesized stack of the project in this folder.
 *
 * @param stack its name; absent: the only one that `isMeant` takes
 * @param isMeant whether a folder is of a stack that may be meant
 */
export function stackFolder(project: string, stack: string | undefined, isMeant: (folder: string) => boolean): string {
  const folder = path.join(project, outputOf(project), "stacks");
  if (!existsSync(folder)) {
    throw new Problem(
      `there is no synthesized program in ${folder}: run \`npx cdktf synth\`, or name the folder of the stack with --dir`,
    );
  }
  if (stack !== undefined) {
    const named = path.join(folder, stack);
    if (existsSync(named)) return named;
    throw new Problem(`there is no stack ${stack} in ${folder}: it has ${readdirSync(folder).sort().join(", ")}`);
  }
  const stacks = readdirSync(folder)
    .sort()
    .filter((name) => isMeant(path.join(folder, name)));
  if (stacks.length === 1) return path.join(folder, stacks[0]);
  throw new Problem(
    stacks.length === 0
      ? `no stack in ${folder} has a Flink cluster: run \`npx cdktf synth\`, or name the folder of the stack with --dir`
      : `several stacks have a Flink cluster: name one of ${stacks.join(", ")} with --stack`,
  );
}

function outputOf(project: string): string {
  const file = path.join(project, PROJECT_FILE);
  if (!existsSync(file)) return DEFAULT_OUTPUT;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { readonly output?: string }).output ?? DEFAULT_OUTPUT;
  } catch {
    throw new Problem(`${file} is no JSON: mend it, or name the folder of the stack with --dir`);
  }
}
