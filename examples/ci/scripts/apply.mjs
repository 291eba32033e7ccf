/** PLAN=<hash> node apply.mjs <stack>: applies exactly the plan that was saved under that hash. */
import { unpack } from "./archive.mjs";
import { SavedPlans } from "./saved-plans.mjs";
import { main, PLAN_FILE, stackArgument, stackFolder, variable } from "./stack.mjs";
import { init, terraform } from "./terraform.mjs";

await main(async () => {
  const stack = stackArgument();
  const hash = variable("PLAN");
  const plans = new SavedPlans(variable("STATE_BUCKET"), stack);
  unpack(await plans.get(hash), stackFolder(stack));
  // Exactly the providers that planned.
  await init(stackFolder(stack), ["-lockfile=readonly"]);
  await plans.remove(hash);
  await terraform(stackFolder(stack), ["apply", "-no-color", PLAN_FILE]);
  return 0;
});
