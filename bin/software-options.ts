import { Command, Option } from "commander";
import type { ConnectorName } from "../lib/core/connector-name";
import { CONNECTOR_NAMES, connectorNamed } from "../lib/software/connectors";
import { LOCK_FILE_NAME } from "../lib/software/lock-file";
import { ARCHITECTURES, flinkLines, ORIGINS, type Architecture, type OriginName } from "../lib/software/software-table";
import { unique } from "./arguments";

/** Which software a command is about. */
export interface SoftwareFlags {
  readonly lockFile: string;
  readonly origin: OriginName;
  readonly flink?: readonly string[];
  readonly architecture?: readonly Architecture[];
  readonly connector?: readonly ConnectorName[];
  readonly logs?: boolean;
  readonly metrics?: boolean;
}

/** The options of `SoftwareFlags`. */
export function withSoftwareFlags(command: Command): Command {
  return command
    .option("--flink <versions...>", `lines or patches, of the lines ${flinkLines().join(", ")}`)
    .addOption(new Option("--architecture <names...>", "of the machines").choices(ARCHITECTURES))
    .addOption(
      new Option("--connector <names...>", `connectors, of ${CONNECTOR_NAMES.join(", ")}`).argParser(
        (text, before: readonly ConnectorName[] = []) => unique([...before, connectorNamed(text)]),
      ),
    )
    .addOption(new Option("--origin <name>", "where the parts come from").choices(ORIGINS).default("official"))
    .option("--lock-file <path>", "the lock file", LOCK_FILE_NAME);
}
