import { EC2Client } from "@aws-sdk/client-ec2";
import { Command } from "commander";
import { isColorSupported } from "picocolors";
import { consolesOf } from "../lib/operate/console/machine-console";
import { renderConsoles } from "../lib/operate/console/render-consoles";
import { clusterStatus, type ClusterStatus, knownNodes } from "../lib/software/node-status";
import { Problem } from "../lib/software/problem";
import { renderStatus } from "../lib/software/status/render-status";
import { whyDown } from "../lib/software/status/why-down";
import { example, list } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";

interface StatusFlags extends ClusterFlags {
  readonly nodes?: string[];
  readonly json: boolean;
  readonly console: boolean;
}

/** Adds the command that shows how a cluster is. */
export function addStatus(cli: Command): void {
  withClusterOptions(cli.command("status"))
    .summary("show how a cluster is: its nodes, slots, jobs, checkpoints, and its last change")
    .description(
      "Shows how each node of a cluster is, by its own last report and what the bucket says that it should run: " +
        "healthy, starting, unhealthy, rolling (it takes a change over just now), outdated (it runs an older desired state), silent (it has not reported lately), " +
        "unknown (it never reported) or removed (it has reported, and is no longer of the cluster), and why; what Flink said of slots and jobs to the node that leads, " +
        "half a minute ago at most; whether logs and metrics are shipped; and the last change. Exit code 1 where the whole cluster is down, or no node has reported yet, 0 whatever else it shows. " +
        "It needs to get objects below desired-state/, reports/ and rolls/ of the bucket, and to list reports/.",
    )
    .option(
      "--nodes <names>",
      "the nodes, separated by commas (default: all of the cluster, and others that ever reported)",
      list,
    )
    .option("--json", "for programs", false)
    .option(
      "--console",
      "of nodes that do not report, or have not started, also what AWS says of their machines and what those show on their consoles; needs ec2:DescribeInstances and ec2:GetConsoleOutput",
      false,
    )
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
      const asked = flags.console ? nodesOnConsoles(status) : [];
      const consoles = asked.length > 0 ? await consolesOf(new EC2Client({ region: from.region }), asked) : [];
      const shown = flags.console ? { ...status, consoles } : status;
      console.log(flags.json ? JSON.stringify(shown, undefined, 2) : renderStatus(status, colourful));
      if (!flags.json && consoles.length > 0) console.log(renderConsoles(consoles));
      const down = whyDown(status);
      if (flags.nodes === undefined && down !== undefined) throw new Problem(down);
    });
}

/** Those of which a console may tell more than their reports do. */
function nodesOnConsoles({ nodes }: ClusterStatus): readonly string[] {
  return nodes.filter(({ verdict }) => ["unknown", "silent", "starting"].includes(verdict)).map(({ node }) => node);
}
