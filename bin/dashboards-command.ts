import { writeFileSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { Duration } from "../lib/core/duration";
import { refuse, ValidationError } from "../lib/core/validation";
import { flinkMetricFiles } from "../lib/observability/grafana/flink-metric-files";
import { FlinkAlert } from "../lib/observability/metric-alerts/flink-alert";
import { flinkAlertFiles } from "../lib/observability/metric-alerts/flink-alert-files";
import {
  DEV_TOOLS_FILE,
  flinkLogFiles,
  SAVED_OBJECTS_FILE,
} from "../lib/observability/opensearch-objects/flink-log-files";
import { DEFAULT_INDEX_PREFIX, requireIndexPrefix } from "../lib/observability/opensearch-objects/index-names";
import { makeFolder } from "../lib/software/make-folder";
import { duration, example, list, wholeNumber } from "./arguments";
import {
  dataSourceUid,
  howToUseAlerts,
  howToUseInGrafana,
  MetricStoreName,
  metricStoreOf,
  METRIC_STORES,
} from "./metric-stores";

const DEFAULT_RETENTION_DAYS = 3;
const [SHORTEST_INTERVAL, LONGEST_INTERVAL] = [5_000, 300_000];
const DEFAULT_INTERVAL = 30_000;

interface DashboardsFlags {
  readonly out: string;
  readonly logs: boolean;
  readonly indexPrefix: string;
  readonly retentionDays: number;
  readonly metrics?: MetricStoreName;
  readonly schema?: string;
  readonly retentionPolicy?: string;
  readonly dataSourceUid?: string;
  readonly without?: readonly FlinkAlert[];
  readonly interval: number;
}

/** A file that is written: its path below the folder, and what it is for. */
interface WrittenFile {
  readonly name: string;
  readonly purpose: string;
  readonly text: string;
}

/** Adds the command that writes what OpenSearch Dashboards can be given for logs, and Grafana for metrics. */
export function addDashboards(cli: Command): void {
  cli
    .command("dashboards")
    .summary("write dashboards of logs for OpenSearch Dashboards, and of metrics for Grafana with alerts, as files")
    .description(
      "Writes files for the OpenSearch that a LogIntegration ships to: an index pattern, saved searches and an overview that Dashboards imports, " +
        "and the bodies of requests for index template, retention and monitors; and with --metrics dashboards for a Grafana that reads what a " +
        "MetricsIntegration ships, and rules of alerts. It asks nobody and needs no account. Files of these names in the folder are written anew.",
    )
    .requiredOption("--out <folder>", "where the files go")
    .option(
      "--metrics <store>",
      `also dashboards and alerts of metrics, which are in this kind of store: ${METRIC_STORES.join(", ")}`,
      metricStoreName,
    )
    .option("--no-logs", "none of logs, and no alert about their shipping")
    .option("--index-prefix <prefix>", "the indexPrefix of the LogIntegration", indexPrefix, DEFAULT_INDEX_PREFIX)
    .option(
      "--retention-days <number>",
      "days that each line is kept, 1 to 10000",
      wholeNumber(1, 10_000),
      DEFAULT_RETENTION_DAYS,
    )
    .option("--schema <name>", "the schemaName of the MetricsIntegration's PostgreSQL (default: metrics)")
    .option("--retention-policy <name>", "the retentionPolicy of its InfluxDB (default: that of the database)")
    .option(
      "--data-source-uid <uid>",
      "the uid of Grafana's data source: with it there are alerts for Grafana too",
      dataSourceUid,
    )
    .option("--without <alerts>", "alerts that are left out, separated by commas, such as FlinkClockOff", alertNames)
    .addOption(
      new Option(
        "--interval <time>",
        "the interval of the MetricsIntegration, 5s to 5m; of several clusters the longest",
      )
        .argParser(interval)
        .default(DEFAULT_INTERVAL, "30s"),
    )
    .addHelpText(
      "after",
      `${example("dashboards --out dashboards --metrics prometheus")}\n  npx cdktf-flink dashboards --out log-dashboards`,
    )
    .action((flags: DashboardsFlags, command: Command) => {
      refuseNothing(flags);
      refuseWithoutUse(flags, command);
      const [logs, metrics] = [logFiles(flags), metricFiles(flags)];
      makeFolder("--out", flags.out);
      for (const { name, text } of [...logs, ...metrics]) {
        makeFolder("--out", path.dirname(path.join(flags.out, name)));
        writeFileSync(path.join(flags.out, name), text);
      }
      console.log(
        [
          `In ${path.resolve(flags.out)}:`,
          ...(logs.length === 0 ? [] : [table(logs), HOW_TO_USE_LOGS]),
          ...(flags.metrics === undefined
            ? []
            : [table(metrics), howToUseInGrafana(flags.metrics), howToUseAlerts(flags.metrics, flags.dataSourceUid)]),
        ].join("\n\n"),
      );
    });
}

function logFiles({ logs, indexPrefix: prefix, retentionDays }: DashboardsFlags): readonly WrittenFile[] {
  return logs ? flinkLogFiles(prefix, retentionDays) : [];
}

function metricFiles(flags: DashboardsFlags): readonly WrittenFile[] {
  const store = metricStoreOf(flags);
  if (store === undefined) return [];
  const interval = Duration.millis(flags.interval);
  // Where no logs are shipped, a store with tables has none of what this one asks for.
  const without = [...new Set([...(flags.without ?? []), ...(flags.logs ? [] : [FlinkAlert.LOGS_FAILING])])];
  return [
    ...flinkMetricFiles(store, { interval }),
    ...flinkAlertFiles(store, flags.dataSourceUid, { interval, without }),
  ];
}

function table(files: readonly WrittenFile[]): string {
  const width = Math.max(...files.map(({ name }) => name.length));
  return files.map(({ name, purpose }) => `  ${name.padEnd(width)}  ${purpose}`).join("\n");
}

const HOW_TO_USE_LOGS = `Dashboards, Management, Dashboards Management, Saved objects, Import: choose ${SAVED_OBJECTS_FILE}; what has an id of ours already is replaced.
Index template and retention: npx cdktf-flink prepare-logs puts them there, or paste their part of ${DEV_TOOLS_FILE} into Dashboards, Management, Dev Tools.
Monitors: paste theirs once, as each POST makes another one, and choose the channel of their notifications in Alerting.`;

function refuseNothing({ logs, metrics }: DashboardsFlags): void {
  if (logs || metrics !== undefined) return;
  refuse({
    property: "--no-logs",
    value: true,
    allowed: "left out without --metrics, as nothing would be written",
    remedy: `leave it out, or add --metrics ${METRIC_STORES[0]}`,
  });
}

/** Refuses what was said of files that are not written. */
function refuseWithoutUse({ logs, metrics }: DashboardsFlags, command: Command): void {
  const isGiven = (name: keyof DashboardsFlags): boolean => command.getOptionValueSource(name) === "cli";
  for (const name of ["interval", "without"] as const) {
    if (metrics !== undefined || !isGiven(name)) continue;
    throw new ValidationError(
      `--${name} is given without --metrics, but is of metrics alone: leave it out, or add --metrics and the store`,
    );
  }
  for (const [name, option] of [
    ["indexPrefix", "--index-prefix"],
    ["retentionDays", "--retention-days"],
  ] as const) {
    if (logs || !isGiven(name)) continue;
    throw new ValidationError(`${option} is given with --no-logs, but is of logs alone: leave one of the two out`);
  }
}

function indexPrefix(text: string): string {
  requireIndexPrefix("--index-prefix", text);
  return text;
}

/** One alone: files of one name are written of each. */
function metricStoreName(text: string, before?: MetricStoreName): MetricStoreName {
  if (before !== undefined) {
    throw new InvalidArgumentError("Give it once, and for another store call this again with another --out.");
  }
  const store = METRIC_STORES.find((name) => name === text);
  if (store === undefined) throw new InvalidArgumentError(`Give one of ${METRIC_STORES.join(", ")}.`);
  return store;
}

function alertNames(text: string, before: readonly FlinkAlert[] = []): readonly FlinkAlert[] {
  const all = Object.values(FlinkAlert);
  const named = list(text).map((name) => {
    const alert = all.find((each) => String(each) === name);
    if (alert === undefined) throw new InvalidArgumentError(`${name} is none of ${all.join(", ")}.`);
    return alert;
  });
  return [...new Set([...before, ...named])];
}

function interval(text: string): number {
  const millis = duration(text);
  if (millis < SHORTEST_INTERVAL || millis > LONGEST_INTERVAL) {
    throw new InvalidArgumentError("Give a time from 5s to 5m, such as 30s.");
  }
  return millis;
}
