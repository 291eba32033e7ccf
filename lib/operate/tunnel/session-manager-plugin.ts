import { execFile, spawn, type ChildProcess } from "node:child_process";
import { promisify } from "node:util";
import { Problem } from "../../software/problem";
import { undoneAtEnd } from "../../core/undone-at-end";

/** A session that Session Manager has begun, in its own words. */
export interface StartedSession {
  readonly SessionId: string;
  readonly StreamUrl: string;
  /** Whoever has it can use the session. */
  readonly TokenValue: string;
}

/** What was asked of Session Manager. */
export interface SessionRequest {
  readonly Target: string;
  readonly DocumentName: string;
  readonly Parameters: { readonly [name: string]: string[] };
}

/** Where a session was begun. */
export interface SessionPlace {
  readonly region: string;
  /** Of Systems Manager, such as `https://ssm.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
}

/** A plugin that carries a session. */
export interface RunningPlugin {
  /** Resolves with its last words when it ends. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** Name of the program, which the AWS command line calls too. */
const PROGRAM = "session-manager-plugin";
const INSTALLATION =
  "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";
/** The first that takes a session from its environment: the arguments of a program are everybody's to read. */
const OLDEST = "1.2.536.0";
const RESPONSE_VARIABLE = "AWS_SSM_START_SESSION_RESPONSE";
/** How long it has to end the session when it is asked to. */
const FAREWELL_MILLIS = 3000;
const LAST_WORDS_BYTES = 4096;

/** Refuses to go on without the plugin of Session Manager, in one sentence. */
export async function requireSessionManagerPlugin(): Promise<void> {
  let version: string;
  try {
    const { stdout } = await promisify(execFile)(PROGRAM, ["--version"], { env: process.env, timeout: 20_000 });
    version = stdout.trim();
  } catch (failure) {
    const isMissing = (failure as NodeJS.ErrnoException).code === "ENOENT";
    throw new Problem(
      isMissing
        ? `the program ${PROGRAM}, which carries tunnels of AWS Session Manager, is not on the PATH: install it as ${INSTALLATION} says, or give --direct where this machine is in the cluster's network`
        : `${PROGRAM} --version failed: install it anew as ${INSTALLATION} says`,
      { cause: failure },
    );
  }
  if (/^\d+(\.\d+){3}$/.test(version) && version.localeCompare(OLDEST, "en", { numeric: true }) >= 0) return;
  throw new Problem(
    `${PROGRAM} is of version ${JSON.stringify(version)}, and ${OLDEST} or newer is needed: update it as ${INSTALLATION} says`,
  );
}

/**
 * Runs the plugin as the AWS command line does: the session comes from its environment, then region, operation, profile,
 * request and endpoint are its arguments.
 */
export function runSessionManagerPlugin(
  session: StartedSession,
  request: SessionRequest,
  { region, endpoint }: SessionPlace,
): RunningPlugin {
  const { SessionId, StreamUrl, TokenValue } = session;
  const profile = process.env.AWS_PROFILE ?? "";
  const child = spawn(
    PROGRAM,
    [RESPONSE_VARIABLE, region, "StartSession", profile, JSON.stringify(request), endpoint],
    {
      env: { ...process.env, [RESPONSE_VARIABLE]: JSON.stringify({ SessionId, StreamUrl, TokenValue }) },
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C is for the command that uses the tunnel, and may mean a query there: this ends after it.
      detached: true,
    },
  );
  // So that it would outlive this one, and the way through it stay open.
  const done = undoneAtEnd(() => child.kill("SIGINT"));
  const ended = lastWords(child).finally(done);
  return { ended, close: () => end(child, ended) };
}

function lastWords(child: ChildProcess): Promise<string> {
  let said = "";
  const hear = (chunk: Buffer): void => void (said = `${said}${chunk.toString("utf8")}`.slice(-LAST_WORDS_BYTES));
  child.stdout!.on("data", hear);
  child.stderr!.on("data", hear);
  return new Promise((resolve) => {
    child.once("error", (failure) => resolve(`${PROGRAM} cannot be run: ${failure.message}`));
    child.once("close", () => {
      const words = said.replace(/\s+/g, " ").trim();
      resolve(`${PROGRAM} has ended${words === "" ? "" : `: ${words}`}`);
    });
  });
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  // What it takes for Ctrl-C, at which it ends the session too.
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), FAREWELL_MILLIS);
  await ended;
  clearTimeout(timer);
}
