import { spawn, type ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { undoneAtEnd } from "../../core/undone-at-end";
import { Problem } from "../problem";

/** A program in Go took 19 minutes to be built beside others that kept both processors busy, and 4 alone. */
const LONGEST_RUN_MILLIS = 60 * 60 * 1000;
const KEPT_OUTPUT = 4000;

/** A package manager's own client: it knows the machine's registries, proxies and credentials. */
export interface Client {
  readonly command: string;
  readonly install: string;
}

export const PIP: Client = { command: "python3", install: "install Python 3 with pip" };
export const NPM: Client = { command: "npm", install: "install Node.js with npm" };
export const MAVEN: Client = { command: "mvn", install: "install Apache Maven" };
export const GO: Client = { command: "go", install: "install Go 1.21 or newer" };

export interface ClientOptions {
  /** Where it runs. Default: in the scratch folder. */
  readonly cwd?: string;
  /** What differs from our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a client to its end, or to ours; a failure is one sentence that carries the client's last error line. What it leaves
 * behind where it is ended lies in the scratch folder, which its caller removes.
 */
export async function runClient(
  client: Client,
  args: readonly string[],
  scratch: string,
  { cwd = scratch, environment }: ClientOptions = {},
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const env = { ...process.env, TMPDIR: scratch, ...environment };
    const child = spawn(client.command, args, {
      ...{ cwd, env, stdio: ["ignore", "pipe", "pipe"] },
      // A group of its own, so that what it starts ends with it.
      detached: true,
    });
    // Else it would go on without us.
    const done = undoneAtEnd(() => endGroup(child, "SIGTERM"));
    // The timeout of spawn would hold up our own end where the client does not even start.
    const timer = setTimeout(() => endGroup(child, "SIGKILL"), LONGEST_RUN_MILLIS);
    let output = "";
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (failure: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      done();
      reject(
        failure.code === "ENOENT"
          ? new Problem(`${client.command} was not found: ${client.install}`)
          : new Problem(`${client.command} could not be started: ${failure.message}`),
      );
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      done();
      if (code === 0) return resolve();
      const ended = signal ? `was ended by ${signal}` : `failed with code ${code}`;
      reject(new Problem(`${client.command} ${args.join(" ")} ${ended}: ${lastError(output)}`));
    });
  });
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

function lastError(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it said nothing";
}
