import { spawnSync } from "node:child_process";
import { PLAN_FILE } from "./stack.mjs";
import { terraform } from "./terraform.mjs";

/** Exit code of the guard where a plan is dangerous. */
export const DANGEROUS = 3;
const LARGEST_WORDS = 64 * 1024 * 1024;

/**
 * What the saved plan of a folder does, in words, and whether it is dangerous. The plan itself, which may hold secrets, is
 * in no log and in no file but its own.
 */
export async function judge(folder, allowed = []) {
  const { stdout: words, status } = await guard(
    folder,
    allowed.flatMap((address) => ["--allow", address]),
  );
  return { words, isDangerous: status === DANGEROUS };
}

/** Whether all that the saved plan of a folder does is to tell of another machine image, which was published and is nobody's change. */
export async function isNewerImageOnly(folder) {
  const { stdout } = await guard(folder, ["--json"]);
  return JSON.parse(stdout).isNewerImageOnly === true;
}

async function guard(folder, options) {
  const { stdout: plan } = await terraform(folder, ["show", "-json", PLAN_FILE], { quiet: true });
  const { error, status, stdout, stderr } = spawnSync("npx", ["--no-install", "cdktf-flink", "plan", ...options, "-"], {
    input: plan,
    encoding: "utf8",
    maxBuffer: LARGEST_WORDS,
  });
  if (error) throw error;
  if (status !== 0 && status !== DANGEROUS) throw new Error(`the plan could not be judged: ${stderr.trim()}`);
  return { status, stdout };
}
