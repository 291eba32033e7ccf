import { execFile } from "child_process";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program; the result tells its exit code. Throws when it cannot be started or takes too long. */
export function runCommand(program: string, args: readonly string[], timeoutSeconds = 60): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: timeoutSeconds * 1000,
      killSignal: "SIGKILL" as const,
      maxBuffer: 16 << 20,
      env: { ...process.env, LC_ALL: "C" },
    };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const why = error.killed ? `took more than ${timeoutSeconds} s` : error.message;
        reject(new Error(`${[program, ...args].join(" ")}: ${why}`));
      } else {
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
      }
    });
  });
}

/** Runs a program that must succeed; gives what it printed. */
export async function mustRun(program: string, args: readonly string[], timeoutSeconds = 60): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(program, args, timeoutSeconds);
  if (exitCode !== 0) {
    throw new Error(`${[program, ...args].join(" ")} ended with ${exitCode}: ${(stderr || stdout).trim()}`);
  }
  return stdout;
}
