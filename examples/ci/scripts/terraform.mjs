import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const LOCKED = /Error acquiring the state lock[\s\S]*?(?:Who: +(\S+)[\s\S]*?)?(?:Created: +([\d-]+ [\d:]+))/;

/** Terraform's own words are in the log; this says what became of the call. */
export class TerraformFailure extends Error {}

/**
 * Runs Terraform in the folder of a stack; resolves to its exit code and what it printed. What it prints goes into the log
 * as well, but for what is `quiet`.
 */
export async function terraform(folder, args, { quiet = false, codes = [0] } = {}) {
  if (!existsSync(folder)) {
    throw new Error(`${folder} is not there: run "npx cdktf synth" before, and name a stack of the program`);
  }
  const env = { ...process.env, TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
  const child = spawn("terraform", args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: [], stderr: [] };
  for (const name of ["stdout", "stderr"]) {
    child[name].on("data", (piece) => {
      printed[name].push(piece);
      if (!quiet) process[name].write(piece);
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", () => reject(new Error("terraform cannot be run: install it in a step before")));
    child.once("close", resolve);
  });
  const stdout = Buffer.concat(printed.stdout).toString();
  const stderr = Buffer.concat(printed.stderr).toString();
  if (!codes.includes(code)) throw new TerraformFailure(failure(args[0], code, stderr));
  return { code, stdout };
}

function failure(command, code, stderr) {
  const plain = stderr.replace(/^[╷│╵] ?/gm, "");
  const lock = LOCKED.exec(plain);
  if (lock) {
    const [, who = "somebody", since] = lock;
    return `The state is locked by ${who} since ${since} UTC: wait for the end of that run, and start this one again.`;
  }
  if (/Saved plan is stale/.test(plain)) return "The state has changed since this plan was made: plan again.";
  return `terraform ${command} failed with exit code ${code}: its own words stand in the log of the run.`;
}

/** Makes the folder of a stack ready: providers as the lock file beside it has them, if there is one. */
export async function init(folder, options = []) {
  await terraform(folder, ["init", "-no-color", ...options]);
}
