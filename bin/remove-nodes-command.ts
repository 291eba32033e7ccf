import { Command, Option } from "commander";
import { letNodesGo } from "../lib/operate/remove-nodes";
import { Ec2MachineAccount } from "../lib/operate/replace/machine-account";
import { duration, list, wholeNumber } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { withProgress } from "./with-progress";

interface RemoveFlags extends ClusterFlags {
  readonly was: readonly string[];
  readonly keep: readonly string[];
  readonly slots?: number;
  readonly timeout: number;
}

/** Adds the command that an apply runs before it takes machines from a cluster that gets smaller. */
export function addRemoveNodes(cli: Command): void {
  withClusterOptions(cli.command("remove-nodes", { hidden: true }))
    .description(
      "Says whether nodes of a cluster may go: the others have to be well, and the jobs to fit into their slots. An apply runs it before it removes their machines, " +
        "whose termination protection it lifts.",
    )
    .requiredOption("--was <nodes>", "the nodes that there are, separated by commas", list)
    .requiredOption("--keep <nodes>", "those that stay", list)
    .option("--slots <count>", "slots that each TaskManager is to have, where fewer than now", wholeNumber(1, 1024))
    .addOption(
      new Option("--timeout <duration>", "how long the nodes that stay may take to be well")
        .argParser(duration)
        .default(duration("10m"), "10m"),
    )
    .action(async ({ was, keep, slots, timeout: timeoutMillis, ...flags }: RemoveFlags) => {
      const from = await clusterOf(flags);
      const account = Ec2MachineAccount.inRegion(from.region);
      const unprotect = (nodes: readonly string[]): Promise<void> => account.unprotectMachinesOf(nodes);
      await withProgress((progress) => letNodesGo({ from, was, keep, slots, unprotect, timeoutMillis, progress }));
    });
}
