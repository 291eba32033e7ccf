import { Command, Option } from "commander";
import { ValidationError } from "../lib/core/validation";
import type { ClusterBucket, NodeStatus } from "../lib/software/node-status";
import { waitForNodes } from "../lib/software/wait";
import { waitUntilRolled } from "../lib/software/wait-rolled";
import { duration, example, list } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { withProgress } from "./with-progress";

const DEFAULT_TIMEOUT = { healthy: duration("10m"), rolled: duration("30m") };

interface WaitFlags extends ClusterFlags {
  readonly healthy?: boolean;
  readonly rolled: boolean;
  readonly nodes?: string[];
  readonly timeout?: number;
  readonly allowPending: boolean;
}

/** Adds the command that waits for nodes. */
export function addWait(cli: Command): void {
  withClusterOptions(cli.command("wait"))
    .summary("wait until nodes are healthy, or until a change is taken over by all")
    .description(
      "Waits until every node is healthy, has reported lately and runs the cluster's current desired state, and no " +
        "node of the cluster is being changed. With --rolled it ends at once where the change has stopped or is refused, and says at which node and why. " +
        "Exit code 1 when the time is over, when it can no longer come about, or at once where the bucket holds no such cluster. " +
        "It needs to get objects below desired-state/, reports/ and rolls/ of the bucket.",
    )
    .option("--healthy", "until nodes are healthy (the default)")
    .addOption(
      new Option("--rolled", "until the last change is taken over by all nodes").default(false).conflicts("healthy"),
    )
    .option("--nodes <names>", "the nodes, separated by commas (default: all of the cluster)", list)
    .addOption(
      new Option(
        "--timeout <duration>",
        "how long to wait, such as 90s, 10m or 1h (default: 10m, with --rolled 30m)",
      ).argParser(duration),
    )
    .option("--allow-pending", "a node that is healthy on an older desired state will do", false)
    .addHelpText("after", example("wait --cluster streaming-flink --region eu-west-1 --rolled --timeout 45m"))
    .action(async (flags: WaitFlags) => {
      refuseWithRolled(flags);
      const from = await clusterOf(flags);
      const statuses = await (flags.rolled ? rolled(from, flags) : healthy(from, flags));
      const names = statuses.map(({ node }) => node).join(", ");
      console.log(
        flags.rolled ? `All nodes have taken the change over: ${names}.` : `All nodes are healthy: ${names}.`,
      );
    });
}

function refuseWithRolled({ rolled, nodes, allowPending }: WaitFlags): void {
  if (!rolled) return;
  const given = nodes !== undefined ? "--nodes" : allowPending ? "--allow-pending" : undefined;
  if (given === undefined) return;
  throw new ValidationError(
    `${given} is given with --rolled, which is about all nodes and the newest change: leave one of them out`,
  );
}

function healthy(from: ClusterBucket, flags: WaitFlags): Promise<readonly NodeStatus[]> {
  const { nodes, allowPending, timeout: timeoutMillis = DEFAULT_TIMEOUT.healthy } = flags;
  return withProgress((progress) => waitForNodes({ from, nodes, timeoutMillis, allowPending, progress }));
}

function rolled(
  from: ClusterBucket,
  { timeout: timeoutMillis = DEFAULT_TIMEOUT.rolled }: WaitFlags,
): Promise<readonly NodeStatus[]> {
  return withProgress((progress) => waitUntilRolled({ from, timeoutMillis, progress }));
}
