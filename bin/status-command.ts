import { Command } from "commander";
import { isColorSupported } from "picocolors";
import { clusterStatus, knownNodes } from "../lib/software/node-status";
import { Problem } from "../lib/software/problem";
import { renderStatus } from "../lib/software/status/render-status";
import { whyDown } from "../lib/software/status/why-down";
import { example, list } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";

interface StatusFlags extends ClusterFlags {
  readonly nodes?: string[];
  readonly json: boolean;
}

/** Adds the command that shows how a cluster is. */
export function addStatus(cli: Command): void {
  withClusterOptions(cli.command("status"))
    .summary("show how a cluster is: its nodes, slots, jobs, checkpoints, and its last change")
    .description(
      "Shows how each node of a cluster is, by its own last report and what the bucket says that it should run: " +
        "healthy, starting, unhealthy, rolling (it takes a change over just now), outdated (it runs an older desired state), silent (it has not reported lately), " +
        "unknown (it never reported) or removed (it has reported, and is no longer of the cluster), and why; what Flink said of slots and jobs to the node that leads, " +
        "half a minute ago at most; whether logs and metrics are shipped; and the last change. Exit code 1 where the whole cluster is down, 0 whatever else it shows. " +
        "It needs to get objects below desired-state/, reports/ and rolls/ of the bucket, and to list reports/.",
    )
    .option(
      "--nodes <names>",
      "the nodes, separated by commas (default: all of the cluster, and others that ever reported)",
      list,
    )
    .option("--json", "for programs", false)
    .addHelpText("after", example("status --cluster streaming-flink --region eu-west-1"))
    .action(async (flags: StatusFlags) => {
      const from = await clusterOf(flags);
      const nodes = flags.nodes ?? (await knownNodes(from));
      if (nodes.length === 0) {
        throw new Problem(
          `the bucket ${from.bucket} holds neither a desired state that can be read nor a report of a cluster named ${from.cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
        );
      }
      const status = await clusterStatus(from, nodes);
      const colourful = process.stdout.isTTY === true && isColorSupported;
      console.log(flags.json ? JSON.stringify(status, undefined, 2) : renderStatus(status, colourful));
      const down = whyDown(status);
      if (flags.nodes === undefined && down !== undefined) throw new Problem(down);
    });
}
