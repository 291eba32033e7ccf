import { execFile, execFileSync } from "child_process";

/** What a finished command said. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Text or bytes for its standard input. */
  readonly input?: string | Buffer;
  /** Milliseconds after which it is killed; default 60,000. */
  readonly timeout?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end, whatever it says. Rejects only when it cannot be run or outlives its time. */
export function tryRun(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const timeout = options.timeout ?? 60_000;
  return new Promise((resolve, reject) => {
    const child = execFile(
      argv[0],
      argv.slice(1),
      {
        timeout,
        killSignal: "SIGKILL",
        maxBuffer: MAX_OUTPUT_BYTES,
        env: { ...process.env, ...options.env },
        cwd: options.cwd,
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") {
          const why = error.killed ? `did not end within ${timeout} ms` : error.message;
          reject(new Error(`${argv.join(" ")}: ${why}\n${stdout}${stderr}`));
          return;
        }
        resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
      },
    );
    // A program that reads nothing closes the pipe: that is its right.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** Runs a program that must succeed; gives its standard output. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryRun(argv, options);
  if (result.code !== 0) {
    throw new Error(`${argv.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

/** For what must work while the process is ending: undefined where the program fails. */
export function runSync(argv: readonly string[]): string | undefined {
  try {
    return execFileSync(argv[0], argv.slice(1), {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
  } catch {
    return undefined;
  }
}
