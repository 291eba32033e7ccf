import { mkdirSync } from "node:fs";
import path from "node:path";

/** File of the saved plan, in the folder of its stack. */
export const PLAN_FILE = "change.tfplan";

/** Name of the stack that a script is called with. */
export function stackArgument() {
  const [stack] = process.argv.slice(2);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(stack ?? "")) {
    throw new Error(
      `"${stack ?? ""}" is no name of a stack: call it as node ${path.basename(process.argv[1])} <stack>`,
    );
  }
  return stack;
}

/** Where `cdktf synth` wrote a stack, and Terraform runs. */
export function stackFolder(stack) {
  return path.resolve("cdktf.out", "stacks", stack);
}

/** File for what is said of a plan: beside the stacks, so that it is in no saved plan. */
export function wordsFile(stack) {
  const folder = path.resolve("cdktf.out", "words");
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${stack}.txt`);
}

/** A variable that the workflow sets. */
export function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: set it in the step of the workflow`);
  return value;
}

/** Runs the whole of a script: what goes wrong is one sentence and exit code 1. */
export async function main(script) {
  try {
    process.exitCode = await script();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
