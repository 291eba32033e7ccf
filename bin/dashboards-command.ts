import { writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import {
  DEV_TOOLS_FILE,
  type FlinkLogFile,
  flinkLogFiles,
  SAVED_OBJECTS_FILE,
} from "../lib/observability/opensearch-objects/flink-log-files";
import { DEFAULT_INDEX_PREFIX, requireIndexPrefix } from "../lib/observability/opensearch-objects/index-names";
import { makeFolder } from "../lib/software/make-folder";
import { example, wholeNumber } from "./arguments";

const DEFAULT_RETENTION_DAYS = 3;

interface DashboardsFlags {
  readonly out: string;
  readonly indexPrefix: string;
  readonly retentionDays: number;
}

/** Adds the command that writes what OpenSearch and its Dashboards can be given for logs. */
export function addDashboards(cli: Command): void {
  cli
    .command("dashboards")
    .summary("write dashboards, saved searches and monitors of logs as files for OpenSearch Dashboards")
    .description(
      "Writes files for the OpenSearch that a LogIntegration ships to: an index pattern, saved searches and an overview that Dashboards imports, " +
        "and the bodies of requests for index template, retention and monitors. It asks nobody and needs no account. " +
        "Files of these names in the folder are written anew.",
    )
    .requiredOption("--out <folder>", "where the files go")
    .option("--index-prefix <prefix>", "the indexPrefix of the LogIntegration", indexPrefix, DEFAULT_INDEX_PREFIX)
    .option(
      "--retention-days <number>",
      "days that each line is kept, 1 to 10000",
      wholeNumber(1, 10_000),
      DEFAULT_RETENTION_DAYS,
    )
    .addHelpText("after", example("dashboards --out log-dashboards"))
    .action(({ out, indexPrefix: prefix, retentionDays }: DashboardsFlags) => {
      const files = flinkLogFiles(prefix, retentionDays);
      makeFolder("--out", out);
      for (const { name, text } of files) writeFileSync(path.join(out, name), text);
      console.log(howToUse(out, files));
    });
}

function howToUse(folder: string, files: readonly FlinkLogFile[]): string {
  const width = Math.max(...files.map(({ name }) => name.length));
  return `In ${path.resolve(folder)}:

${files.map(({ name, purpose }) => `  ${name.padEnd(width)}  ${purpose}`).join("\n")}

Dashboards, Management, Dashboards Management, Saved objects, Import: choose ${SAVED_OBJECTS_FILE}; what has an id of ours already is replaced.
Index template and retention: npx cdktf-flink prepare-logs puts them there, or paste their part of ${DEV_TOOLS_FILE} into Dashboards, Management, Dev Tools.
Monitors: paste theirs once, as each POST makes another one, and choose the channel of their notifications in Alerting.`;
}

function indexPrefix(text: string): string {
  requireIndexPrefix("--index-prefix", text);
  return text;
}
