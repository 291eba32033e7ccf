import { randomUUID } from "crypto";
import type { ShellHost } from "./shell-host";

/** From when to when a process of a line of Flink was seen on a node, in seconds of the clock that all machines have. */
export interface LineSpan {
  readonly node: string;
  /** Such as `2.3`. */
  readonly line: string;
  readonly process: "JobManager" | "TaskManager";
  /** When it began, as its machine has it. */
  readonly from: number;
  /** When it was seen last: it ended after that. */
  readonly to: number;
}

/** What ran on all nodes. */
export interface SeenLines {
  readonly spans: readonly LineSpan[];
  /** Of the node that was looked at the least often. */
  readonly samples: number;
}

/**
 * One process on each node for the whole watch. The names of Flink's own archives tell the version; when a process began,
 * its machine says to a hundredth of a second, so that one that another look missed the beginning of is seen whole.
 */
const PROGRAM = `
import json, os, re, sys, time
plan = json.load(sys.stdin)
MAIN = {b"StandaloneSessionClusterEntrypoint": "JobManager", b"TaskManagerRunner": "TaskManager"}
TICKS = os.sysconf("SC_CLK_TCK")

def age(pid):
    with open("/proc/%s/stat" % pid) as file:
        begun = int(file.read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - begun / TICKS

seen, samples = {}, 0
while True:
    last = os.path.exists(plan["until"])
    samples += 1
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                words = file.read()
            line = re.search(rb"/flink-dist-(\\d+\\.\\d+)\\.", words)
            main = [name for word, name in MAIN.items() if word in words]
            if line and main:
                now = time.time()
                began = now - age(pid)
                key = (pid, line.group(1).decode())
                seen.setdefault(key, {"line": key[1], "process": main[0], "from": began})["to"] = now
        except (FileNotFoundError, ProcessLookupError):
            pass
    if last:
        break
    time.sleep(1)
os.remove(plan["until"])
print(json.dumps({"spans": list(seen.values()), "samples": samples}))
`;
const LONGEST_WATCH_MILLIS = 2 * 3_600_000;

/** Watches, once a second, which lines of Flink the nodes run, until it is stopped. */
export class LineWatch {
  public static start(nodes: readonly { readonly name: string; readonly machine: ShellHost }[]): LineWatch {
    return new LineWatch(nodes.map(({ name, machine }) => watchNode(name, machine)));
  }

  private constructor(private readonly watches: readonly (() => Promise<SeenLines>)[]) {}

  public async stop(): Promise<SeenLines> {
    const seen = await Promise.all(this.watches.map((stop) => stop()));
    return {
      spans: seen.flatMap(({ spans }) => spans).sort((one, other) => one.from - other.from),
      samples: Math.min(...seen.map(({ samples }) => samples)),
    };
  }
}

function watchNode(node: string, machine: ShellHost): () => Promise<SeenLines> {
  const until = `/tmp/line-watch-${randomUUID()}`;
  const input = JSON.stringify({ until });
  const output = machine.run(["python3", "-c", PROGRAM], { input, timeout: LONGEST_WATCH_MILLIS });
  // Told by `stop`, and until then by nobody.
  output.catch(() => undefined);
  return async () => {
    await machine.run(["touch", until]);
    const { spans, samples } = JSON.parse(await output) as { spans: Omit<LineSpan, "node">[]; samples: number };
    return { samples, spans: spans.map((span) => ({ ...span, node })) };
  };
}

/** Processes of two lines that ran at one moment, in a line each. */
export function twoLinesAtOnce(spans: readonly LineSpan[]): readonly string[] {
  const told = ({ node, process, line }: LineSpan): string => `the ${process} of ${line} on ${node}`;
  return spans.flatMap((one, index) =>
    spans
      .slice(index + 1)
      .filter((other) => other.line !== one.line && one.from < other.to && other.from < one.to)
      .map((other) => `${told(one)} and ${told(other)}`),
  );
}

/** From one line to the next. */
export interface LineTurn {
  readonly line: string;
  /** Seconds during which no process of Flink ran anywhere before it; 0 for the first. */
  readonly standstill: number;
}

/** Which lines ran, one after the other. Where two ran at one moment there is no such order. */
export function turnsOfLines(spans: readonly LineSpan[]): readonly LineTurn[] {
  const turns: LineTurn[] = [];
  let last = -Infinity;
  for (const { line, from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    if (turns.at(-1)?.line !== line)
      turns.push({ line, standstill: turns.length === 0 ? 0 : Math.max(0, from - last) });
    last = Math.max(last, to);
  }
  return turns;
}
