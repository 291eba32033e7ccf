/** node save-plan.mjs <stack>: keeps the plan that plan.mjs made, and tells the workflow its hash. */
import { appendFileSync } from "node:fs";
import { pack } from "./archive.mjs";
import { SavedPlans } from "./saved-plans.mjs";
import { main, stackArgument, stackFolder, variable } from "./stack.mjs";

await main(async () => {
  const stack = stackArgument();
  const hash = await new SavedPlans(variable("STATE_BUCKET"), stack).put(pack(stackFolder(stack)));
  console.log(`saved as ${hash}`);
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `plan=${hash}\n`);
  return 0;
});
