import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { signalsAreAwaited } from "../core/undone-at-end";
import { Problem } from "../software/problem";
import type { Progress, TaskProgress } from "../software/progress";
import type { LocalProcess } from "./cluster-processes";
import { END_PATIENCE_MILLIS } from "./down";
import { askOverview } from "./flink-rest";
import { endPrograms } from "./programs";
import { runningOf } from "./running";

export interface StartOptions {
  readonly folder: string;
  readonly restPort: number;
  /** So many are registered when the cluster is up. */
  readonly taskManagers: number;
  readonly timeoutMillis: number;
  readonly progress: Progress;
}

const LOOK_AGAIN_MILLIS = 300;
const INTERRUPTIONS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Starts processes, which outlive this program, and waits until all of the cluster are registered. Where that fails, or this
 * program is interrupted, what it started is ended again.
 */
export async function start(processes: readonly LocalProcess[], options: StartOptions): Promise<void> {
  const task = options.progress.task("local cluster");
  const interruption = new AbortController();
  const awaited = signalsAreAwaited();
  const interrupt = (): void => {
    // The second time it ends at once.
    awaited();
    interruption.abort();
  };
  INTERRUPTIONS.forEach((name) => process.once(name, interrupt));
  try {
    const started = processes.map((each) => new StartedProcess(each));
    await waitUntilUp(started, options, task, interruption.signal);
    started.forEach((each) => each.leaveAlone());
    task.done("up");
  } catch (failure) {
    task.failed("not up");
    const names = processes.map(({ name }) => name);
    const ours = [...runningOf(options.folder)].filter(([name]) => names.includes(name)).map(([, program]) => program);
    await endPrograms(ours, END_PATIENCE_MILLIS);
    throw failure;
  } finally {
    awaited();
    INTERRUPTIONS.forEach((name) => process.off(name, interrupt));
  }
}

async function waitUntilUp(
  started: readonly StartedProcess[],
  options: StartOptions,
  task: TaskProgress,
  signal: AbortSignal,
): Promise<void> {
  if (started.length > 0) task.note(`starting ${started.map(({ name }) => name).join(", ")}`);
  const deadline = Date.now() + options.timeoutMillis;
  for (;;) {
    const overview = await askOverview(options.restPort);
    // One that ended as it started was never the one that answered.
    started.forEach((each) => each.requireAlive());
    if (overview && overview.taskManagers >= options.taskManagers) return;
    if (signal.aborted) throw new Problem("interrupted: what was started is ended again");
    if (Date.now() > deadline) {
      const what = overview
        ? `${overview.taskManagers} of ${options.taskManagers} TaskManagers were registered`
        : "the JobManager did not answer";
      throw new Problem(
        `after ${options.timeoutMillis / 1000} s ${what}: give more time with --timeout, or look into the logs below ${options.folder}`,
      );
    }
    await sleep(LOOK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined);
  }
}

/** A process that this program started. */
class StartedProcess {
  private readonly child: ChildProcess;
  private failure?: string;

  public constructor(private readonly spec: LocalProcess) {
    // Whoever had the number before, the scripts would count the logs on from it.
    rmSync(spec.paths.pid, { recursive: true, force: true });
    const output = openSync(spec.outputFile, "w", 0o600);
    const [program, ...words] = spec.command;
    this.child = spawn(program, words, {
      cwd: spec.paths.home,
      env: spec.environment,
      // A group of its own: an interruption of the terminal is not for it.
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    this.child.once("error", (error) => (this.failure = error.message));
    this.child.once("exit", (code, signal) => (this.failure ??= signal ?? `exit code ${code}`));
  }

  public get name(): string {
    return this.spec.name;
  }

  public requireAlive(): void {
    if (this.failure === undefined) return;
    const said = lastError(this.spec.logFile) ?? lastError(this.spec.outputFile);
    throw new Problem(
      `${this.name} ended as it started (${said ?? this.failure}): mend that and run the command again; its log is ${this.spec.logFile}`,
    );
  }

  /** This program may end before it. */
  public leaveAlone(): void {
    this.child.unref();
  }
}

const LONGEST_LINE = 300;

/** The last line that tells of an error; of several causes the last is the first that happened. */
function lastError(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const lines = text.split("\n").filter((line) => /\bERROR\b|Exception|^Error|^Caused by: |Conflicting/.test(line));
  return lines
    .pop()
    ?.trim()
    .replace(/^\d{4}-\d\d-\d\d [\d:,]+ +ERROR +\S+ +\[.*?\] - /, "")
    .slice(0, LONGEST_LINE);
}
