import { execFile } from "child_process";
import { promisify } from "util";
import { type LineSpan, LineWatch, turnsOfLines, twoLinesAtOnce } from "./line-watch";
import type { ShellHost } from "./shell-host";

const span = (line: string, from: number, to: number, node = "node-1"): LineSpan => {
  return { node, line, process: "JobManager", from, to };
};

test("two lines at one moment are told, on one node and on two", () => {
  const spans = [span("2.2", 0, 10), span("2.3", 9, 20, "node-2"), span("2.2", 21, 30), span("2.2", 25, 40, "node-2")];
  expect(twoLinesAtOnce(spans)).toEqual(["the JobManager of 2.2 on node-1 and the JobManager of 2.3 on node-2"]);
  expect(twoLinesAtOnce(spans.slice(1))).toEqual([]);
});

test("lines come one after the other, with the time in which there was none", () => {
  const spans = [span("2.3", 14, 20), span("2.2", 0, 10), span("2.2", 1, 12, "node-2"), span("2.2", 25, 40)];
  expect(turnsOfLines(spans)).toEqual([
    { line: "2.2", standstill: 0 },
    { line: "2.3", standstill: 2 },
    { line: "2.2", standstill: 5 },
  ]);
});

test("processes are known by their archives, from when they began", async () => {
  const run: ShellHost["run"] = async (argv, { input } = {}) => {
    const child = promisify(execFile)(argv[0], argv.slice(1));
    child.child.stdin?.end(input);
    return (await child).stdout;
  };
  const words = ["-classpath", "/x/lib/flink-dist-2.3.0.jar", "org.example.TaskManagerRunner"];
  const process = execFile("sh", ["-c", "while :; do sleep 0.1; done", ...words]);
  try {
    const watch = LineWatch.start([{ name: "node-1", machine: { run } as ShellHost }]);
    const { spans, samples } = await watch.stop();
    const found = spans.find(({ line, process: name }) => line === "2.3" && name === "TaskManager");
    expect(samples).toBeGreaterThan(0);
    expect(found?.node).toBe("node-1");
    expect(found!.to).toBeGreaterThan(found!.from);
  } finally {
    process.kill("SIGKILL");
  }
});
