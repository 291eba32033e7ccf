import { setTimeout as delay } from "node:timers/promises";
import Table from "cli-table3";
import { Command, InvalidArgumentError, Option } from "commander";
import { isColorSupported } from "picocolors";
import { ValidationError } from "../lib/core/validation";
import type { LogRole } from "../lib/node/logs/log-exporter-configuration";
import { prepareLogIndices } from "../lib/observability/log-indices/prepare-log-indices";
import type { PreparedObject } from "../lib/observability/log-indices/prepared-object";
import { followEntries } from "../lib/observability/log-search/follow";
import type { FoundLogEntry } from "../lib/observability/log-search/log-entry";
import type { LogFilter, TimeSpan } from "../lib/observability/log-search/log-filter";
import { LOG_LEVELS, type LogLineLevel } from "../lib/observability/log-search/log-level";
import type { LogSource } from "../lib/observability/log-search/log-source";
import { entryAsJson, renderEntry } from "../lib/observability/log-search/render-entry";
import { accessProblem } from "../lib/software/access-problem";
import { NODE_PROCESSES } from "../lib/operate/node-logs/node-logs";
import { example, timeOrAgo, wholeNumber } from "./arguments";
import {
  destinationOf,
  HOW_TO_REACH,
  logSourceOf,
  openSearchOf,
  withDestinationFlags,
} from "./log-destination-options";
import type { DestinationFlags } from "./log-destination-options";
import { type NodeLogFlags, showNodeLogs } from "./node-logs";
import { HOW_TO_REACH_NODES, withWayOptions } from "./operator-options";
import { printTo } from "./print-to";

const ROLES: readonly LogRole[] = ["jobmanager", "taskmanager", "zookeeper", "agent", "kernel", "audit", "system"];
const MOST_ENTRIES = 100_000;
const JOB_ID = /^[0-9a-f]{32}$/i;
/** Between two looks with --follow. */
const PAUSE_MILLIS = 2000;

interface LogsFlags extends DestinationFlags {
  readonly since: number;
  readonly until?: number;
  readonly level?: LogLineLevel;
  readonly job?: string;
  readonly node?: string;
  readonly role?: LogRole;
  readonly logger?: string;
  readonly query?: string;
  readonly limit: number | "all";
  readonly follow: boolean;
  readonly json: boolean;
}

/** Adds the command that searches the logs of clusters. */
export function addLogs(cli: Command): void {
  withWayOptions(withDestinationFlags(cli.command("logs")))
    .summary("search the logs of clusters where they are shipped to, or read those of a node from the node")
    .description(
      "Shows log lines of clusters, the oldest first, from where a LogIntegration ships them to. Your user or role needs to read " +
        "the daily indices of OpenSearch, or logs:FilterLogEvents for the log group, and nothing else. Exit code 0 also where nothing is found. " +
        "With a node: the last lines that Flink's processes wrote there, from the node itself, also where logs go nowhere.",
    )
    .argument("[node]", "a node, such as orders-node-1 or node-1, whose own files are read")
    .addOption(
      new Option("--since <time>", "how long ago, such as 90s, 10m, 1h or 2d, or a time such as 2026-11-29T22:00:00Z")
        .argParser(timeOrAgo)
        .default(timeOrAgo("1h"), "1h"),
    )
    .addOption(new Option("--until <time>", "the same for the end (default: now)").argParser(timeOrAgo))
    .addOption(
      new Option("--level <level>", `this level and graver ones, of ${LOG_LEVELS.join(", ")}`).argParser(levelNamed),
    )
    .addOption(new Option("--job <id>", "lines about one job, by Flink's id of it").argParser(jobId))
    .option("--node <name>", "lines of one node, such as orders-node-1")
    .addOption(new Option("--role <role>", "lines of one kind of program").choices(ROLES))
    .option("--logger <name>", "a logger or a package, such as org.apache.flink.runtime.checkpoint")
    .option(
      "--query <words>",
      'words that stand in message, exception or stack trace: "…" is a phrase, -word leaves out, word* begins, | is or',
    )
    .addOption(
      new Option("--limit <number>", `at most so many of the newest, 1 to ${MOST_ENTRIES}, or all`)
        .argParser(limit)
        .default(1000),
    )
    .addOption(new Option("--follow", "go on with new lines as they come").default(false).conflicts("until"))
    .option("--json", "one document on each line, for programs", false)
    .addOption(new Option("--process <name>", "of a node: one of its processes").choices(NODE_PROCESSES))
    .option("--file <name>", "of a node: one of its files")
    .option("--list", "of a node: which files there are", false)
    .addHelpText("after", HOW_TO_REACH)
    .addHelpText("after", HOW_TO_REACH_NODES)
    .addHelpText(
      "after",
      example(
        "logs --cluster streaming-flink --region eu-west-1 --since 2h --level WARN --query checkpoint\n" +
          "  npx cdktf-flink logs node-1 --cluster streaming-flink --region eu-west-1 --follow",
      ),
    )
    .action(async (node: string | undefined, flags: LogsFlags & NodeLogFlags, command: Command) => {
      refuseOfTheOther(node, command);
      if (node !== undefined) return showNodeLogs(node, flags);
      const span = spanOf(flags);
      if (flags.follow && flags.limit === "all") {
        throw new ValidationError("--limit is all, but must be a number with --follow: give how many lines come first");
      }
      const { cluster, source, close } = await logSourceOf(flags, warn);
      try {
        await withAccessProblems(() => showLogs(source, { ...flags, cluster }, span));
      } finally {
        await close();
      }
    });
}

/** Options that say what is searched for, and those of a node's own files: one kind would do nothing for the other. */
const OF_SEARCH = [
  ...["since", "until", "level", "job", "node", "role", "logger", "query", "json"],
  ...["url", "indexPrefix", "user", "ca", "connectTo"],
];
const OF_NODE = ["process", "file", "list", "direct", "through"];

function refuseOfTheOther(node: string | undefined, command: Command): void {
  const ofTheOther = node === undefined ? OF_NODE : OF_SEARCH;
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  const found = command.options.find((option) => {
    const name = option.attributeName();
    return ofTheOther.includes(name) && isGiven(name);
  });
  if (found === undefined) return;
  throw new ValidationError(
    node === undefined
      ? `${found.long} is about the files of one node, and none is named: name it, or leave ${found.long} out`
      : `${found.long} is about logs where they are shipped to, and those of ${node} come from the node: leave it out, or give --node ${node}`,
  );
}

interface PrepareLogsFlags extends DestinationFlags {
  readonly retentionDays: number;
  readonly json: boolean;
}

/** Adds the command that makes an OpenSearch ready for logs. */
export function addPrepareLogs(cli: Command): void {
  withDestinationFlags(cli.command("prepare-logs"))
    .summary("tell OpenSearch the types of the fields of log lines, and how long they are kept")
    .description(
      "Puts the index template of the daily indices and the policy that deletes old ones into OpenSearch, and makes indices " +
        "that are there keep to the policy. It can be run again, with another number of days too; what is somebody else's is not changed. " +
        "As its administrator: your user or role needs to keep index templates and policies of Index State Management.",
    )
    .requiredOption("--retention-days <number>", "days that each line is kept, 1 to 10000", wholeNumber(1, 10_000))
    .option("--json", "for programs", false)
    .addHelpText("after", HOW_TO_REACH)
    .addHelpText(
      "after",
      example("prepare-logs --url https://search.example.internal:9200 --user admin --retention-days 30"),
    )
    .action(async (flags: PrepareLogsFlags) => {
      const { opensearch, indexPrefix } = await openSearchOf(flags, await destinationOf(flags));
      const { retentionDays } = flags;
      try {
        const prepared = await withAccessProblems(() => prepareLogIndices(opensearch, { indexPrefix, retentionDays }));
        console.log(flags.json ? JSON.stringify(prepared, undefined, 2) : renderPrepared(prepared));
      } finally {
        await opensearch.close();
      }
    });
}

/** What there is to know of a search that goes on. */
function warn(sentence: string): void {
  console.error(`cdktf-flink: ${sentence}`);
}

async function showLogs(source: LogSource, flags: LogsFlags, span: TimeSpan): Promise<void> {
  const filter = filterOf(flags);
  const show = printer(flags.json);
  if (flags.limit === "all") {
    for await (const page of source.pages(filter, span)) await show(page);
    return;
  }
  const { entries, more } = await source.newest(filter, span, flags.limit);
  if (more) warn(`only the newest ${flags.limit} lines are shown: name a shorter time, or another --limit`);
  await show(entries);
  if (!flags.follow) return;
  const pause = async (): Promise<boolean> => delay(PAUSE_MILLIS, true);
  const { since } = span;
  for await (const news of followEntries(source, { filter, shown: entries, since, pause, warn })) await show(news);
}

function filterOf({ cluster, level, job, node, role, logger, query }: LogsFlags): LogFilter {
  return { cluster, level, jobId: job, node, role, logger, text: query };
}

function spanOf({ since, until }: LogsFlags): TimeSpan {
  if (until !== undefined && until < since) {
    const [from, to] = [since, until].map((time) => new Date(time).toISOString());
    throw new ValidationError(`--until is ${to}, but must not be before --since (${from}): name a later time`);
  }
  return { since, until };
}

/** Writes entries. */
function printer(json: boolean): (entries: readonly FoundLogEntry[]) => Promise<void> {
  const { stdout } = process;
  const print = printTo(stdout);
  const colourful = stdout.isTTY === true && isColorSupported;
  return (entries) => print(entries.map((found) => (json ? entryAsJson(found) : renderEntry(found, colourful))));
}

function renderPrepared(prepared: readonly PreparedObject[]): string {
  const table = new Table({
    head: ["what", "name", "it is", "note"],
    style: { head: [], border: [] },
    wordWrap: true,
  });
  for (const { kind, name, outcome, note = "" } of prepared) table.push([kind, name, outcome, note]);
  return table.toString();
}

/** Missing credentials of AWS are told in the words of the other commands. */
async function withAccessProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    throw accessProblem(failure) ?? failure;
  }
}

function levelNamed(text: string): LogLineLevel {
  const level = LOG_LEVELS.find((each) => each === text.toUpperCase());
  if (level === undefined) throw new InvalidArgumentError(`Give one of ${LOG_LEVELS.join(", ")}.`);
  return level;
}

function jobId(text: string): string {
  if (!JOB_ID.test(text)) throw new InvalidArgumentError("Give the id of a job, 32 hexadecimal digits.");
  return text;
}

function limit(text: string): number | "all" {
  return text === "all" ? text : wholeNumber(1, MOST_ENTRIES)(text);
}
