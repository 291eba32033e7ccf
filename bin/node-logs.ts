import Table from "cli-table3";
import { nodeNamed } from "../lib/operate/operated-cluster";
import { followNodeLogs, lastLines, positionAfter, type LogPosition } from "../lib/operate/node-logs/follow-node-logs";
import {
  NODE_PROCESSES,
  NodeLogs,
  type NodeLogFile,
  type NodeLogLine,
  type NodeProcess,
} from "../lib/operate/node-logs/node-logs";
import { RestCaller } from "../lib/operate/rest-caller";
import { openWay } from "../lib/operate/tunnel/open-way";
import { logDestination } from "../lib/software/log-destination";
import { Problem, explain } from "../lib/software/problem";
import { showBytes } from "../lib/software/progress";
import { ValidationError } from "../lib/core/validation";
import { operatorOf, type OperatorFlags } from "./operator-options";
import { printTo } from "./print-to";
import { untilStopped } from "./until-stopped";

/** What is wanted of the files of a node. */
export interface NodeLogFlags extends OperatorFlags {
  readonly process?: NodeProcess;
  readonly file?: string;
  readonly list: boolean;
  readonly follow: boolean;
  readonly limit: number | "all";
}

/** Of the certificate, which is renewed for as long as lines are followed. */
const VALIDITY_SECONDS = 3600;

/** Shows what Flink's processes wrote on a node, by the node itself. */
export async function showNodeLogs(name: string, flags: NodeLogFlags): Promise<void> {
  if (flags.follow && (flags.file !== undefined || flags.list || flags.limit === "all")) {
    const other = flags.list ? "--list" : flags.file !== undefined ? "--file" : "--limit all";
    throw new ValidationError(
      `--follow goes on with what is written now, and ${other} is about what is there: give one of them`,
    );
  }
  const { cluster, identity, ways, from } = await operatorOf(flags, VALIDITY_SECONDS);
  const node = nodeNamed(cluster, name);
  const way = await openWay(ways, [node], identity.tls);
  const end = new AbortController();
  try {
    const logs = new NodeLogs(node.name, new RestCaller(way, identity.tls, end.signal));
    if (flags.list) return console.log(table(await logs.files(processesOf(flags))));
    const print = printer(flags);
    const positions = await showLast(logs, flags, print);
    await tellOfOthers(node.name, () => logDestination(from));
    if (!flags.follow) return;
    void identity.keepFresh(end.signal, (failure) => warn(explain(failure)));
    await Promise.race([follow(logs, flags, positions, print, end.signal), untilStopped()]);
  } finally {
    end.abort();
    await way.close();
  }
}

type Print = (lines: readonly NodeLogLine[]) => Promise<void>;

async function showLast(logs: NodeLogs, flags: NodeLogFlags, print: Print): Promise<readonly LogPosition[]> {
  const { file, limit } = flags;
  const files =
    file === undefined ? await logs.newest(processesOf(flags)) : [await logs.named(file, processesOf(flags))];
  const positions: LogPosition[] = [];
  for (const each of files) {
    if (limit === "all") {
      for await (const line of logs.lines(each)) await print([line]);
      continue;
    }
    const lines = await lastLines(logs, each, limit);
    await print(flags.follow ? lines.filter(({ isWhole }) => isWhole) : lines);
    positions.push(positionAfter(each, lines));
  }
  return positions;
}

async function follow(
  logs: NodeLogs,
  flags: NodeLogFlags,
  positions: readonly LogPosition[],
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const onAway = (failure: unknown): void => warn(`the node does not answer, and is waited for: ${explain(failure)}`);
  for await (const line of followNodeLogs(logs, processesOf(flags), positions, { onAway, signal })) await print([line]);
}

function processesOf({ process }: NodeLogFlags): readonly NodeProcess[] {
  return process === undefined ? NODE_PROCESSES : [process];
}

/** Before each line, whose it is, where there are several. */
function printer({ process: one, file }: NodeLogFlags): Print {
  const print = printTo(process.stdout);
  const isOne = one !== undefined || file !== undefined;
  return (lines) => print(lines.map((line) => (isOne ? line.text : `${line.process.padEnd(12)}| ${line.text}`)));
}

async function tellOfOthers(node: string, destination: () => ReturnType<typeof logDestination>): Promise<void> {
  const where = await destination().then(
    (found) => (found.kind === "cloudwatch" ? `the log group ${found.logGroupName}` : found.url),
    (failure: unknown) => {
      if (failure instanceof Problem) return undefined;
      throw failure;
    },
  );
  warn(
    where === undefined
      ? `these are the logs of Flink's processes on ${node}; those of ZooKeeper, of the agent and of the system can be had where a LogIntegration ships them to, and the cluster has none`
      : `these are the logs of Flink's processes on ${node}; the same, and those of ZooKeeper, of the agent and of the system, go to ${where}: leave the node out, and give --node ${node}`,
  );
}

function table(files: readonly NodeLogFile[]): string {
  const rows = new Table({ head: ["process", "file", "size"], style: { head: [], border: [] } });
  for (const { process, name, sizeBytes } of files) rows.push([process, name, showBytes(sizeBytes)]);
  return rows.toString();
}

function warn(sentence: string): void {
  console.error(`cdktf-flink: ${sentence}`);
}
