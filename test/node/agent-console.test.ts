import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { showOnConsole } from "../../lib/node/agent/console";
import { copyLog, log } from "../../lib/node/agent/log";

let folder: string;
let kernelLog: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "console-"));
  kernelLog = join(folder, "kmsg");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a line becomes one record, however long it is and whatever is in it", () => {
  writeFileSync(kernelLog, "");
  showOnConsole("agent: the bucket cannot be reached\n", kernelLog);
  showOnConsole(`agent: ${"é\u001b[2J".repeat(1000)}`, kernelLog);
  const [first, second, ...rest] = readFileSync(kernelLog, "utf8").split("\n");
  expect(first).toBe("<11>flink-agent: the bucket cannot be reached");
  expect(Buffer.byteLength(second)).toBeGreaterThan(790);
  expect(Buffer.byteLength(second)).toBeLessThan(810);
  expect(second).not.toMatch(/[\u0000-\u001f]/);
  expect(rest).toEqual([""]);
});

test("where there is no console nothing is made and nothing fails", () => {
  showOnConsole("agent: hello", kernelLog);
  expect(existsSync(kernelLog)).toBe(false);
});

test("nothing waits for a console that nobody reads", () => {
  execFileSync("mkfifo", [kernelLog]);
  showOnConsole("agent: hello", kernelLog);
});

test("lines of the log are copied for as long as they are to be", () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const copied: string[] = [];
  copyLog((line) => copied.push(line));
  log("fetching java 17 failed\n  at once");
  copyLog(undefined);
  log("healthy");
  expect(copied).toEqual(["agent: fetching java 17 failed | at once\n"]);
  expect(written).toEqual([...copied, "agent: healthy\n"]);
});
