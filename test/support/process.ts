import { ChildProcess, spawn } from "node:child_process";
import { createWriteStream, WriteStream } from "node:fs";
import { undoneAtEnd } from "../../lib/core/undone-at-end";

/** How a process is run. */
export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to this process's own environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Name of a network namespace (`ip netns`) to run in. Needs root. */
  readonly namespace?: string;
  /** File that output is appended to as it comes. */
  readonly logFile?: string;
}

export interface RunOptions extends ProcessOptions {
  /** Written to standard input, which is closed after it. */
  readonly input?: string;
  /** Seconds until the process and its group are killed. Default: 600. */
  readonly timeoutSeconds?: number;
  /** Kills the process and its group when it is aborted. */
  readonly killedBy?: AbortSignal;
  /** Whether an exit code other than 0 is an answer and not an error. Default: false. */
  readonly anyExitCode?: boolean;
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A process that ended with another exit code than 0, was killed or ran out of time. */
export class ProcessError extends Error {
  public constructor(
    message: string,
    public readonly result: ProcessResult,
  ) {
    super(message);
    this.name = "ProcessError";
  }
}

const DEFAULT_TIMEOUT_SECONDS = 600;
const LONGEST_SHOWN_OUTPUT = 4000;

/** The command line that runs a command in a network namespace; the process id stays that of the command. */
export function inNamespace(argv: readonly string[], namespace?: string): string[] {
  return namespace ? ["ip", "netns", "exec", namespace, ...argv] : [...argv];
}

/** Starts a process in a process group of its own, so that stopping it takes its children along. */
export function startProcess(argv: readonly string[], options: ProcessOptions = {}): ChildProcess {
  const [command, ...args] = inNamespace(argv, options.namespace);
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  return spawn(command, args, { cwd: options.cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
}

/** Resolves when the process has ended and its output is complete. */
export function processEnd(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}

/** Sends a signal to the process and its children; false if it had already ended. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Ends a process and its children: asks first, kills after the seconds given. Resolves when it has ended. */
export async function stopProcess(child: ChildProcess, patienceSeconds = 10): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (!signalGroup(child, "SIGTERM")) return;
  const killer = setTimeout(() => signalGroup(child, "SIGKILL"), patienceSeconds * 1000);
  await ended;
  clearTimeout(killer);
}

/** Runs a command to its end. Fails with the command and the end of its output, unless it exits with 0. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
  const started = process.hrtime.bigint();
  const child = startProcess(argv, options);
  const log: WriteStream | undefined = options.logFile ? createWriteStream(options.logFile, { flags: "a" }) : undefined;
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      log?.write(text);
    });
  }
  child.stdin!.on("error", () => undefined); // a command that does not read its input is no error
  child.stdin!.end(options.input ?? "");

  const limit = options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  let outOfTime = false;
  const killer = setTimeout(() => {
    outOfTime = true;
    signalGroup(child, "SIGKILL");
  }, limit * 1000);
  const kill = (): void => void signalGroup(child, "SIGKILL");
  options.killedBy?.addEventListener("abort", kill);
  if (options.killedBy?.aborted) kill();
  try {
    const exitCode = await processEnd(child);
    const result = { exitCode, ...output, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
    if (outOfTime) throw new ProcessError(`${argv.join(" ")} was killed after ${limit} s${shown(output)}`, result);
    if (exitCode !== 0 && !options.anyExitCode) {
      throw new ProcessError(`${argv.join(" ")} ended with exit code ${exitCode}${shown(output)}`, result);
    }
    return result;
  } finally {
    clearTimeout(killer);
    options.killedBy?.removeEventListener("abort", kill);
    log?.end();
  }
}

/** The same, and where we end before it does, it is killed with its group, which would go on without us. */
export async function runUntilOurEnd(argv: readonly string[]): Promise<ProcessResult> {
  const end = new AbortController();
  const done = undoneAtEnd(() => end.abort());
  try {
    return await run(argv, { killedBy: end.signal });
  } finally {
    done();
  }
}

function shown(output: { readonly stdout: string; readonly stderr: string }): string {
  const text = (output.stderr.trim() || output.stdout.trim()).slice(-LONGEST_SHOWN_OUTPUT);
  return text ? `:\n${text}` : "";
}
