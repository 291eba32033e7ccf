import { Command } from "commander";
import { clusterStatus, knownNodes } from "../lib/software/node-status";
import { Problem } from "../lib/software/problem";
import { renderStatus } from "../lib/software/status-table";
import { example, list } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";

/** Adds the command that shows how a cluster is. */
export function addStatus(cli: Command): void {
  withClusterOptions(cli.command("status"))
    .summary("show how the nodes of a cluster are, and its rolling change")
    .description(
      "Shows how each node of a cluster is, by its own last report and what the bucket says that it should run: " +
        "healthy, starting, unhealthy, rolling (it takes a change over just now), outdated (it runs an older desired state), silent (it has not reported lately), " +
        "unknown (it never reported) or removed (it has reported, and is no longer of the cluster), and why. Exit code 0 whatever it shows.",
    )
    .option(
      "--nodes <names>",
      "the nodes, separated by commas (default: all of the cluster, and others that ever reported)",
      list,
    )
    .option("--json", "for programs", false)
    .addHelpText("after", example("status --bucket my-checkpoints --cluster streaming-flink"))
    .action(async (flags: ClusterFlags & { readonly nodes?: string[]; readonly json: boolean }) => {
      const from = await clusterOf(flags);
      const nodes = flags.nodes ?? (await knownNodes(from));
      if (nodes.length === 0) {
        throw new Problem(
          `the bucket ${from.bucket} holds neither a desired state that can be read nor a report of a cluster named ${from.cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
        );
      }
      const status = await clusterStatus(from, nodes);
      console.log(flags.json ? JSON.stringify(status, undefined, 2) : renderStatus(status));
    });
}
