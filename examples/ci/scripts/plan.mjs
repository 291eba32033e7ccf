/**
 * node plan.mjs <stack>: plans, says in words what the plan does, and ends with 3 where that is dangerous.
 *
 * LOCK=false    takes no lock, for a role that may only read
 * ALLOW         addresses of resources to which what is dangerous may be done all the same, one a line or with spaces between
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { DANGEROUS, judge } from "./guard.mjs";
import { main, PLAN_FILE, stackArgument, stackFolder, wordsFile } from "./stack.mjs";
import { init, terraform } from "./terraform.mjs";

const HAS_CHANGES = 2;

await main(async () => {
  const stack = stackArgument();
  const folder = stackFolder(stack);
  const words = wordsFile(stack);
  try {
    await init(folder);
    const lock = process.env.LOCK === "false" ? ["-lock=false"] : [];
    const options = ["-no-color", `-out=${PLAN_FILE}`, "-detailed-exitcode", ...lock];
    const { code } = await terraform(folder, ["plan", ...options], { codes: [0, HAS_CHANGES] });
    const allowed = (process.env.ALLOW ?? "").split(/\s+/).filter(Boolean);
    const judgement = await judge(folder, allowed);
    writeFileSync(words, judgement.words);
    console.log(judgement.words);
    output("changes", String(code === HAS_CHANGES));
    return judgement.isDangerous ? DANGEROUS : 0;
  } catch (error) {
    writeFileSync(words, `${error.message}\n`);
    throw error;
  }
});

/** What later steps and jobs of the workflow are told. */
function output(name, value) {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
}
