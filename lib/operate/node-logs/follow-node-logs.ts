import { setTimeout as delay } from "node:timers/promises";
import type { NodeLogFile, NodeLogLine, NodeLogs, NodeProcess } from "./node-logs";

/** Between two looks. Each new line has Flink send its file whole, so that it is no more than a tenth of the time. */
const PAUSE_MILLIS = 3000;
const PART_OF_TIME = 10;

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

/**
 * New lines of the logs that processes of a node write, as they come. A process that starts anew, and a log that is begun
 * anew, are read from their beginning.
 *
 * @param positions where to begin; a process without one begins at the beginning of its log
 * @param pause waits so many milliseconds
 */
export async function* followNodeLogs(
  logs: NodeLogs,
  processes: readonly NodeProcess[],
  positions: readonly LogPosition[],
  pause: (millis: number) => Promise<unknown> = delay,
): AsyncGenerator<NodeLogLine> {
  const known = new Map(positions.map((position) => [position.file.process, position]));
  for (;;) {
    const begun = Date.now();
    for (const file of await logs.newest(processes)) {
      const before = known.get(file.process);
      const goesOn = before?.file.name === file.name && file.sizeBytes >= before.nextByte;
      let nextByte = goesOn ? before.nextByte : 0;
      if (file.sizeBytes > nextByte) {
        for await (const line of logs.lines(file, nextByte)) {
          if (!line.isWhole) continue;
          nextByte = line.nextByte;
          yield line;
        }
      }
      known.set(file.process, { file, nextByte });
    }
    await pause(Math.max(PAUSE_MILLIS, (PART_OF_TIME - 1) * (Date.now() - begun)));
  }
}
