import { Command, Option } from "commander";
import { LOCK_FILE_NAME } from "../lib/software/lock-file";
import { ORIGINS, type OriginName } from "../lib/software/software-table";

/** Where the software comes from that runs on this machine. */
export interface OwnSoftwareFlags {
  readonly lockFile: string;
  readonly origin: OriginName;
}

/** The options of `OwnSoftwareFlags`. */
export function withOwnSoftwareOptions(command: Command): Command {
  return command
    .addOption(new Option("--origin <name>", "where the parts come from").choices(ORIGINS).default("official"))
    .option("--lock-file <path>", "the lock file", LOCK_FILE_NAME);
}
