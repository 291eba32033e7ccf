import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { Command, InvalidArgumentError, Option } from "commander";
import { findPrunable, removePrunable } from "../lib/operate/prune/prune";
import { renderPrunable } from "../lib/operate/prune/render-prunable";
import { duration, example } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";

interface PruneFlags extends ClusterFlags {
  readonly olderThan: number;
  readonly alone: boolean;
  readonly yes: boolean;
}

/** A deploy of which somebody has to approve first has written no desired state for as long. */
const SHORTEST_MILLIS = 86_400_000;

/** Adds the command that removes what nobody needs from a cluster's bucket. */
export function addPrune(cli: Command): void {
  withClusterOptions(cli.command("prune"))
    .summary("remove from the bucket what no cluster needs any more: parts of software, reports of nodes that are gone")
    .description(
      "Says what lies in a cluster's bucket that no cluster needs, and with --yes removes it: parts of software that no desired state of a cluster named or was " +
        "to be taken back to for --older-than, and reports of nodes that the cluster has had no more for as long. " +
        "What it removes can be brought back from its old version until a later prune, after --older-than, removes that too. " +
        "It touches neither checkpoints, savepoints and recovery metadata, which are Flink's, nor desired states and locks. " +
        "Clusters of other buckets may take their software from this one, and so it looks at what they need as well. " +
        "It needs to list the versions of the bucket, to get objects and their versions below desired-state/, reports/ and rolls/, resource-groups:ListGroups, and the same of the other clusters; " +
        "with --yes to delete objects below reports/, and objects and versions below software/.",
    )
    .addOption(
      new Option("--older-than <duration>", "how long nobody must have needed it, such as 7d; at least 1d")
        .argParser(age)
        .default(duration("30d"), "30d"),
    )
    .option("--alone", "no cluster of another bucket takes its software from this one: they are not looked at", false)
    .option("--yes", "remove it", false)
    .addHelpText("after", example("prune --cluster streaming-flink --region eu-west-1"))
    .action(async (flags: PruneFlags) => {
      const from = await clusterOf(flags);
      const groups = flags.alone ? undefined : new ResourceGroupsClient({ region: from.region });
      const options = { from, groups, olderThanMillis: flags.olderThan };
      const found = await findPrunable(options);
      console.log(renderPrunable(found, from.bucket));
      if (found.parts.length + found.reports.length + found.oldVersions.length === 0) return;
      if (!flags.yes) return console.log("Nothing was removed: --yes removes it.");
      await removePrunable(options, found);
      console.log("It was removed.");
    });
}

function age(text: string): number {
  const millis = duration(text);
  if (millis < SHORTEST_MILLIS)
    throw new InvalidArgumentError("Give at least 1d: what a deploy has just published is not named yet.");
  return millis;
}
