import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "undone-at-end-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a program ends that runs a script and is sent a signal when it says that it is up. */
async function endOf(script: string, signal: NodeJS.Signals): Promise<unknown[]> {
  const modules = [
    `const { undoneAtEnd, signalsAreAwaited } = require("./lib/core/undone-at-end");`,
    `const { JobsFileStore } = require("./lib/operate/stopped-jobs/jobs-file-store");`,
    `const { appendFileSync } = require("node:fs");`,
    `const folder = ${JSON.stringify(folder)};`,
    `const up = () => { setInterval(() => 0, 60_000); console.log("up"); };`,
  ];
  const child = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "-e", [...modules, script].join("\n")],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), ended]);
  child.kill(signal);
  return ended;
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "a program that %s ends gives its lock back, so that the same command can be run again at once",
  async (signal) => {
    const script = `JobsFileStore.lend(folder + "/jobs.json", async () => { undoneAtEnd(() => 0); up(); await new Promise(() => 0); });`;
    expect(await endOf(script, signal)).toEqual([null, signal]);
    expect(existsSync(path.join(folder, "jobs.json.lock"))).toBe(false);
  },
);

test("the newest is undone first, each once, and one that fails keeps none of the others from it", async () => {
  const order = path.join(folder, "order");
  const script = `
    undoneAtEnd(() => appendFileSync(folder + "/order", "first "));
    undoneAtEnd(() => { throw new Error("it fails"); });
    undoneAtEnd(() => appendFileSync(folder + "/order", "last "));
    up();`;
  expect(await endOf(script, "SIGTERM")).toEqual([null, "SIGTERM"]);
  expect(readFileSync(order, "utf8")).toBe("last first ");
});

test("who no more waits for signals says so as often as it likes", async () => {
  const script = `
    undoneAtEnd(() => 0);
    const awaited = signalsAreAwaited();
    awaited();
    awaited();
    // Another one that waits, and ends the program in an orderly way.
    signalsAreAwaited();
    process.on("SIGTERM", () => process.exit(7));
    up();`;
  expect(await endOf(script, "SIGTERM")).toEqual([7, null]);
});
