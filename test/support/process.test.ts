import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endPrograms, type RunningProgram, runningPrograms } from "../../lib/local/programs";
import { waitFor } from "../lab/wait-for";

const ROOT = path.resolve(__dirname, "../..");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "process-"));
});
afterAll(async () => {
  await endPrograms(programs(), 0);
  rmSync(folder, { recursive: true, force: true });
});

function programs(): readonly RunningProgram[] {
  return runningPrograms().filter(({ words }) => words.includes(path.join(folder, "endless")));
}

test("what runs until our end is killed with its group where a signal ends us", async () => {
  const program = path.join(folder, "endless");
  // Starts another program, and neither minds being asked to end.
  writeFileSync(program, "#!/bin/sh\ntrap '' TERM\ntail -f \"$0\" &\nwait\n", { mode: 0o755 });
  const script = `require("./test/support/process").runUntilOurEnd([${JSON.stringify(program)}])`;
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: ROOT,
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await waitFor(() => programs().length > 1, { timeout: 40_000, what: "the program to run, with one of its own" });
  child.kill("SIGTERM");
  await ended;
  await waitFor(() => programs().length === 0, { timeout: 40_000, what: "the program to end" });
});
