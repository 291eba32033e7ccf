import { Command, Option } from "commander";
import { waitForNodes } from "../lib/software/wait";
import { duration, example, list } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { withProgress } from "./with-progress";

/** Adds the command that waits for nodes. */
export function addWait(cli: Command): void {
  withClusterOptions(cli.command("wait"))
    .summary("wait until nodes are healthy")
    .description(
      "Waits until every node is healthy, has reported lately and runs the cluster's current desired state, and no " +
        "node of the cluster is being changed. " +
        "Exit code 1 when the time is over, or at once where the bucket holds no such cluster.",
    )
    .option("--nodes <names>", "the nodes, separated by commas (default: all of the cluster)", list)
    .addOption(
      new Option("--timeout <duration>", "how long to wait, such as 90s, 10m or 1h")
        .argParser(duration)
        .default(duration("10m"), "10m"),
    )
    .option("--allow-pending", "a node that is healthy on an older desired state will do", false)
    .addHelpText("after", example("wait --bucket my-checkpoints --cluster streaming-flink --timeout 15m"))
    .action(
      async (
        flags: ClusterFlags & { readonly nodes?: string[]; readonly timeout: number; readonly allowPending: boolean },
      ) => {
        const from = await clusterOf(flags);
        const statuses = await withProgress((progress) =>
          waitForNodes({
            from,
            nodes: flags.nodes,
            timeoutMillis: flags.timeout,
            allowPending: flags.allowPending,
            progress,
          }),
        );
        console.log(`All nodes are healthy: ${statuses.map(({ node }) => node).join(", ")}.`);
      },
    );
}
