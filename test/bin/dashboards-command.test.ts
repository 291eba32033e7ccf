import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "./run-command";

let out: string;

beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), "dashboards-"));
});

afterEach(() => rmSync(out, { recursive: true, force: true }));

const write = (...args: string[]) => runCommand(["dashboards", "--out", out, ...args], {});
const rules = (): string => readFileSync(path.join(out, "prometheus/cdktf-flink.yaml"), "utf8");

test("alerts that are not wanted are left out", async () => {
  expect(await write("--metrics", "prometheus", "--without", "FlinkClockOff,FlinkNoFreeSlots")).toMatchObject({
    code: 0,
  });
  expect(rules()).not.toMatch(/alert: "?(FlinkClockOff|FlinkNoFreeSlots)"?$/m);
  expect(rules()).toMatch(/alert: "?FlinkLogsFailing"?$/m);
});

test("where no logs are shipped, there is no alert about that", async () => {
  expect(await write("--metrics", "prometheus", "--no-logs")).toMatchObject({ code: 0 });
  expect(rules()).not.toContain("FlinkLogsFailing");
  expect(rules()).toMatch(/alert: "?FlinkClockOff"?$/m);
});

test.each([
  [["--metrics", "prometheus", "--without", "FlinkClock"], "FlinkClock is none of FlinkJobDown, "],
  [["--without", "FlinkClockOff"], "--without is given without --metrics, but is of metrics alone"],
  [["--metrics", "prometheus", "--metrics", "influxdb"], "Give it once, and for another store call this again"],
  [["--metrics", "mysql"], "Give one of prometheus, influxdb, influxdb2, postgresql."],
])("%j is refused in one sentence, and nothing is written", async (args, sentence) => {
  const { code, stderr } = await write(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(existsSync(path.join(out, "prometheus"))).toBe(false);
});

test("a folder where a file is to be written is told in a sentence", async () => {
  mkdirSync(path.join(out, "prometheus/cdktf-flink.yaml"), { recursive: true });
  const { code, stderr } = await write("--metrics", "prometheus");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^cdktf-flink: .*cdktf-flink\.yaml is a folder, where a file has to be written: take it away/m,
  );
});
