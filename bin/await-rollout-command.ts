import { Command, Option } from "commander";
import { awaitRollout } from "../lib/software/await-rollout";
import { duration } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { withProgress } from "./with-progress";

interface RolloutFlags extends ClusterFlags {
  readonly timeout: number;
}

/** Adds the command that an apply runs when the nodes are told what they shall run. */
export function addAwaitRollout(cli: Command): void {
  withClusterOptions(cli.command("await-rollout", { hidden: true }))
    .description(
      "Waits until every node of a cluster is healthy and runs its current desired state; ends at once where the change has stopped or is refused, " +
        "and well where the nodes wait for nothing but their maintenance window. An apply runs it after it has written the desired state.",
    )
    .addOption(new Option("--timeout <duration>", "how long to wait").argParser(duration).makeOptionMandatory())
    .action(async ({ timeout: timeoutMillis, ...flags }: RolloutFlags) => {
      const from = await clusterOf(flags);
      console.log(await withProgress((progress) => awaitRollout({ from, timeoutMillis, progress })));
    });
}
