import { readFileSync } from "fs";
import * as path from "path";
import { ESTIMATED_SERIES, estimateOfJob, wrongEstimates } from "./series-estimate";

test("the estimate is that of docs/metrics.md", () => {
  const page = readFileSync(path.resolve(__dirname, "../../../docs/metrics.md"), "utf8");
  for (const [what, series] of [
    ["JobManager and TaskManager, so each node", ESTIMATED_SERIES.node],
    ["job ", ESTIMATED_SERIES.job],
    ["subtask (a task times its parallelism)", ESTIMATED_SERIES.subtask],
  ] as const) {
    const row = page.split("\n").find((line) => line.startsWith(`| ${what}`));
    expect(row?.split("|")[2].trim()).toMatch(new RegExp(`^${series}\\b`));
  }
});

test("a job has its own series and those of its subtasks", () => {
  expect(estimateOfJob(2)).toBe(26 + 2 * 61);
});

test("what is a quarter off is told, in either direction", () => {
  const records = [75, 99, 101, 124, 126].map((measured) => ({ what: "job", measured, estimated: 100 }));
  expect(wrongEstimates(records).map(({ measured }) => measured)).toEqual([126]);
  expect(wrongEstimates([{ what: "job", measured: 74, estimated: 100 }])).toHaveLength(1);
});
