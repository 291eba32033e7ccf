import { Command } from "commander";
import { PACKAGED_CONNECTOR_NAMES } from "../lib/software/connectors";
import { fetchSoftware } from "../lib/software/fetch";
import { readLockFile } from "../lib/software/lock-file";
import { example, unique, wholeNumber } from "./arguments";
import { type SoftwareFlags, withSoftwareFlags } from "./software-options";
import { withProgress } from "./with-progress";

const DEFAULT_LINE = "2.2";

/** Adds the command that brings the software into the cache. */
export function addFetch(cli: Command): void {
  withSoftwareFlags(cli.command("fetch"))
    .summary("download and verify the software, and lock its hashes")
    .description(
      "Downloads the software of the named Flink releases into the cache, verifies it and writes its hashes to the lock file, which you commit. " +
        "What is locked already is fetched again as it was; without --flink that is everything in the lock file, or Flink " +
        `${DEFAULT_LINE} when there is none. A connector is fetched where it is named, and again where it is locked; it needs Maven. ` +
        `What comes with this package is not fetched: ${PACKAGED_CONNECTOR_NAMES.join(", ")}. ` +
        "What ships logs is fetched with --logs, what ships metrics with --metrics, and again where it is locked; from package-registries both are built, for which it needs Go. " +
        "It needs no account of AWS.",
    )
    .option("--logs", "what nodes need to ship their logs")
    .option("--metrics", "what nodes need to ship their metrics")
    .option("--update", "take the newest patches that this version of cdktf-flink knows", false)
    .option("--concurrency <number>", "parts that are fetched at once", wholeNumber(1, 64), 4)
    .addHelpText("after", example("fetch --flink 2.2"))
    .action(async (flags: SoftwareFlags & { readonly update: boolean; readonly concurrency: number }) => {
      const locked = readLockFile(flags.lockFile)?.origins[flags.origin]?.releases ?? [];
      const flink = flags.flink ?? (locked.length > 0 ? unique(locked.map((each) => each.flink)) : [DEFAULT_LINE]);
      const architectures =
        flags.architecture ??
        (locked.length > 0 ? unique(locked.map((each) => each.architecture)) : ["amd64" as const]);
      await withProgress((progress) =>
        fetchSoftware({
          ...flags,
          flink: flags.update ? unique(flink.map(lineOf)) : flink,
          architectures,
          connectors: flags.connector,
          progress,
        }),
      );
      console.log(`The software of Flink ${flink.join(", ")} is in the cache and locked in ${flags.lockFile}.`);
    });
}

/** `2.2` of `2.2.1`: an update looks for another patch of the same line. */
function lineOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
