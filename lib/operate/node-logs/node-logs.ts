import { printable } from "../../core/printable";
import { Problem } from "../../software/problem";
import { RestProblem, type RestCaller } from "../rest-caller";

/** A process of Flink on a node. */
export type NodeProcess = "jobmanager" | "taskmanager";

export const NODE_PROCESSES: readonly NodeProcess[] = ["jobmanager", "taskmanager"];

/** A log file that a node offers. */
export interface NodeLogFile {
  readonly process: NodeProcess;
  readonly name: string;
  readonly sizeBytes: number;
}

/** A line, and where it comes from. */
export interface NodeLogLine {
  readonly process: NodeProcess;
  readonly text: string;
  /** Of its file, after its end. */
  readonly nextByte: number;
  /** False for the last one of a file that has no end yet. */
  readonly isWhole: boolean;
}

interface LogList {
  readonly logs?: readonly { readonly name: string; readonly size: number }[];
}

/** Of the process itself, and not of one before it or of what it printed. */
const NEWEST = /\.log$/;
/** What is longer is cut into several. */
const LONGEST_LINE_BYTES = 1 << 20;

/** The log files of one node, by what its own JobManager, and through it its TaskManager, offers. */
export class NodeLogs {
  /**
   * @param node its name, which its TaskManager has too
   * @param rest leads to this very node: each JobManager has its own log alone
   */
  public constructor(
    private readonly node: string,
    private readonly rest: RestCaller,
  ) {}

  /** All that there are of some processes. */
  public async files(processes: readonly NodeProcess[] = NODE_PROCESSES): Promise<readonly NodeLogFile[]> {
    return (await Promise.all(processes.map((process) => this.filesOf(process)))).flat();
  }

  /** The log that each of some processes writes now. */
  public async newest(processes: readonly NodeProcess[] = NODE_PROCESSES): Promise<readonly NodeLogFile[]> {
    const files = await this.files(processes);
    return processes.flatMap((process) =>
      files.filter((file) => file.process === process && NEWEST.test(file.name)).slice(0, 1),
    );
  }

  /** The one of a name. */
  public async named(name: string, processes: readonly NodeProcess[] = NODE_PROCESSES): Promise<NodeLogFile> {
    const files = await this.files(processes);
    const found = files.find((file) => file.name === name);
    if (found) return found;
    const names = files.map((file) => printable(file.name)).sort();
    throw new Problem(
      `${this.node} has no log file ${name}: name one of ${names.join(", ") || "none, as there is none"}`,
    );
  }

  /** The lines of a file from a byte on. */
  public async *lines(file: NodeLogFile, fromByte = 0): AsyncGenerator<NodeLogLine> {
    const path = `${this.pathOf(file.process)}/${encodeURIComponent(file.name)}`;
    let rest = Buffer.alloc(0);
    let nextByte = 0;
    for await (const found of await this.rest.stream(path)) {
      const chunk = found as Buffer;
      // Flink gives files whole, and knows no other way.
      const skipped = Math.min(Math.max(fromByte - nextByte - rest.length, 0), chunk.length);
      nextByte += skipped;
      rest = Buffer.concat([rest, chunk.subarray(skipped)]);
      for (let end = endOfLine(rest); end > 0; end = endOfLine(rest)) {
        nextByte += end;
        yield { process: file.process, text: plain(rest.subarray(0, end)), nextByte, isWhole: true };
        rest = rest.subarray(end);
      }
    }
    if (rest.length === 0) return;
    yield { process: file.process, text: plain(rest), nextByte: nextByte + rest.length, isWhole: false };
  }

  private async filesOf(process: NodeProcess): Promise<readonly NodeLogFile[]> {
    try {
      const { logs = [] } = await this.rest.json<LogList>(this.pathOf(process));
      return logs.map(({ name, size }) => ({ process, name, sizeBytes: size }));
    } catch (failure) {
      // A TaskManager that is not registered, or just now restarts.
      if (failure instanceof RestProblem && process === "taskmanager") return [];
      throw failure;
    }
  }

  private pathOf(process: NodeProcess): string {
    return process === "jobmanager" ? "/jobmanager/logs" : `/taskmanagers/${encodeURIComponent(this.node)}/logs`;
  }
}

/** How many bytes the first line has with its end; 0 where it has none yet. */
function endOfLine(bytes: Buffer): number {
  const end = bytes.indexOf("\n") + 1;
  return end === 0 && bytes.length >= LONGEST_LINE_BYTES ? bytes.length : end;
}

/** Whatever a job logs, no terminal shall obey it. What Java indents by stays. */
function plain(line: Buffer): string {
  return line
    .toString("utf8")
    .split("\t")
    .map((part) => `${/^ */.exec(part)![0]}${printable(part)}`)
    .join("\t");
}
