import { readFlinkLine } from "../../../lib/node/log-exporter/flink-line";
import { LOGGED_PROCESSES } from "../../../lib/node/logs/log-exporter-service";
import type { LoggedProcess } from "../../../lib/node/logs/log-exporter-configuration";
import type { ShellHost } from "../shell-host";

/** How far a process has come with its log. */
export interface LastLine {
  readonly role: LoggedProcess["role"];
  /** This start of the process. */
  readonly run: string;
  /** The highest number of a line of it: they begin at 1, and none is left out. */
  readonly sequence: number;
}

/** The end of the file that is written to, and of the one before it: a file may just have begun. */
const TAIL = 'tail -q -c 65536 $(ls -v "$1".* 2>/dev/null | tail -n 1) "$1"';

/** How far the processes of Flink on a node have come. */
export async function lastLines(node: ShellHost): Promise<LastLine[]> {
  return Promise.all(
    LOGGED_PROCESSES.map(async ({ role, folder, fileName }) => {
      const text = await node.run(["sh", "-c", TAIL, "sh", `${folder}/${fileName}`]);
      return { role, ...lastLineOf(text) };
    }),
  );
}

/** Lines of one moment may stand out of order; what is cut at either end is no line. */
export function lastLineOf(text: string): Pick<LastLine, "run" | "sequence"> {
  const positions = text.split("\n").flatMap((line) => {
    const { run, sequence } = readFlinkLine(line);
    return run !== undefined && sequence !== undefined ? [{ run, sequence }] : [];
  });
  const run = positions.at(-1)?.run;
  if (run === undefined) throw new Error("there is no whole line");
  const ofRun = positions.filter((each) => each.run === run);
  return { run, sequence: Math.max(...ofRun.map(({ sequence }) => sequence)) };
}
