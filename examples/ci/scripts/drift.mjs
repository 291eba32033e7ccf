/**
 * node drift.mjs <stack>: ends with 0 where what is deployed is as the program says, or nothing but another machine image was
 * published, with 2 where it is not, else with 1.
 */
import { writeFileSync } from "node:fs";
import { isNewerImageOnly, judge } from "./guard.mjs";
import { main, PLAN_FILE, stackArgument, stackFolder, wordsFile } from "./stack.mjs";
import { init, terraform } from "./terraform.mjs";

const HAS_DRIFTED = 2;

await main(async () => {
  const stack = stackArgument();
  const folder = stackFolder(stack);
  await init(folder);
  // It changes nothing, and so needs no lock: a deploy that is on is not disturbed.
  const options = ["-no-color", "-lock=false", "-detailed-exitcode", `-out=${PLAN_FILE}`];
  const { code } = await terraform(folder, ["plan", ...options], { codes: [0, HAS_DRIFTED] });
  if (code !== HAS_DRIFTED) return code;
  if (await isNewerImageOnly(folder)) {
    console.log(
      "Another machine image was published, and nothing else differs: the next deploy tells it, and `npx cdktf-flink status` then names the machines that are behind.",
    );
    return 0;
  }
  writeFileSync(wordsFile(stack), (await judge(folder)).words);
  return code;
});
