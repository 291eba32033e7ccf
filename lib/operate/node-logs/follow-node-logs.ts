import { setTimeout as delay } from "node:timers/promises";
import type { NodeLogFile, NodeLogLine, NodeLogs, NodeProcess } from "./node-logs";

/** Between two looks. Each new line has Flink send its file whole, so that it is no more than a tenth of the time. */
const PAUSE_MILLIS = 3000;
const PART_OF_TIME = 10;
/** A change of a node takes a minute or two, and a larger machine some more. */
const LONGEST_AWAY_MILLIS = 10 * 60_000;

/** The last lines of a file, the oldest first. */
export async function lastLines(logs: NodeLogs, file: NodeLogFile, count: number): Promise<readonly NodeLogLine[]> {
  const last: NodeLogLine[] = [];
  for await (const line of logs.lines(file)) {
    last.push(line);
    if (last.length > count) last.shift();
  }
  return last;
}

/** Where somebody stands in a file. */
export interface LogPosition {
  readonly file: NodeLogFile;
  /** What comes before it is known. */
  readonly nextByte: number;
}

/** Where one stands who has seen such lines of a file; one that is not whole is seen again. */
export function positionAfter(file: NodeLogFile, lines: readonly NodeLogLine[]): LogPosition {
  const whole = lines.filter(({ isWhole }) => isWhole);
  return { file, nextByte: whole.at(-1)?.nextByte ?? 0 };
}

/** How it is followed. */
export interface FollowOptions {
  /** Waits so many milliseconds. */
  readonly pause?: (millis: number) => Promise<unknown>;
  /** Told once each time that the node does not answer, as when a change begins its JobManager anew. */
  readonly onAway?: (failure: unknown) => void;
  /** Ends it: whoever closes the way to the node says so before, or the node is waited for. */
  readonly signal?: AbortSignal;
}

/**
 * New lines of the logs that processes of a node write, as they come. A process that starts anew, and a log that is begun
 * anew, are read from their beginning. A node that does not answer is waited for some minutes.
 *
 * @param positions where to begin; a process without one begins at the beginning of its log
 */
export async function* followNodeLogs(
  logs: NodeLogs,
  processes: readonly NodeProcess[],
  positions: readonly LogPosition[],
  { pause, onAway, signal }: FollowOptions = {},
): AsyncGenerator<NodeLogLine> {
  const known = new Map(positions.map((position) => [position.file.process, position]));
  const wait = pause ?? ((millis: number) => delay(millis, undefined, { signal }).catch(() => undefined));
  let awaySince: number | undefined;
  while (!signal?.aborted) {
    const begun = Date.now();
    try {
      yield* newLines(logs, processes, known, signal);
      awaySince = undefined;
    } catch (failure) {
      if (signal?.aborted) return;
      if (awaySince === undefined) onAway?.(failure);
      awaySince ??= begun;
      if (Date.now() - awaySince >= LONGEST_AWAY_MILLIS) throw failure;
    }
    await wait(Math.max(PAUSE_MILLIS, (PART_OF_TIME - 1) * (Date.now() - begun)));
  }
}

/** What was written since it was known, which is brought up to date with each line. */
async function* newLines(
  logs: NodeLogs,
  processes: readonly NodeProcess[],
  known: Map<NodeProcess, LogPosition>,
  signal: AbortSignal | undefined,
): AsyncGenerator<NodeLogLine> {
  for (const file of await logs.newest(processes)) {
    const before = known.get(file.process);
    const goesOn = before?.file.name === file.name && file.sizeBytes >= before.nextByte;
    const nextByte = goesOn ? before.nextByte : 0;
    known.set(file.process, { file, nextByte });
    if (file.sizeBytes <= nextByte) continue;
    for await (const line of logs.lines(file, nextByte)) {
      if (signal?.aborted) return;
      if (!line.isWhole) continue;
      known.set(file.process, { file, nextByte: line.nextByte });
      yield line;
    }
  }
}
