import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endPrograms, type RunningProgram, runningPrograms } from "../../lib/local/programs";
import { waitFor } from "../lab/wait-for";
import { bundleCommandLine } from "../support/bundled-command-line";

const CLIENTS = ["mvn", "npm", "python3"];
/** Starts another program, and both go on until somebody ends them. */
const ENDLESS = `#!/bin/sh
tail -f "$0" &
wait
`;

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "fetch-command-"));
  program = bundleCommandLine(folder);
  mkdirSync(path.join(folder, "clients"));
  for (const name of CLIENTS) writeFileSync(pathOf(name), ENDLESS, { mode: 0o755 });
});

afterAll(async () => {
  await endPrograms(CLIENTS.flatMap(programsOf), 0);
  rmSync(folder, { recursive: true, force: true });
});

function pathOf(client: string): string {
  return path.join(folder, "clients", client);
}

/** A client that runs, and what it has started. */
function programsOf(client: string): readonly RunningProgram[] {
  return runningPrograms().filter(({ words }) => words.includes(pathOf(client)));
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "at %s the clients end with it, and nothing counts as fetched",
  async (signal) => {
    const [cache, lockFile] = [path.join(folder, "cache"), path.join(folder, "lock.json")];
    const options = ["--origin", "package-registries", "--lock-file", lockFile, "--concurrency", "16"];
    const child = spawn("node", [program, "fetch", ...options], {
      env: { PATH: `${path.join(folder, "clients")}:${process.env.PATH}`, HOME: folder, CDKTF_FLINK_CACHE: cache },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    await waitFor(() => CLIENTS.every((client) => programsOf(client).length > 1), {
      timeout: 40_000,
      what: "each client to run, with a program of its own",
    });
    child.kill(signal);
    await waitFor(() => CLIENTS.flatMap(programsOf).length === 0, { timeout: 40_000, what: "the clients to end" });
    // A script that runs it ends with it only where it ends by the signal.
    expect(await ended).toEqual([null, signal]);
    expect([lockFile, path.join(cache, "software", "parts")].filter((each) => existsSync(each))).toEqual([]);
  },
);
