import type { JudgeFigures } from "../../lab/judge/figures";
import { MetricsRecord, metricsRecordLines } from "./metrics-record";

const JUDGE: JudgeFigures = {
  ...{
    calls: 1,
    ofAdministrator: 0,
    decided: [],
    denied: [],
    deniedAtTeardown: [],
    unrouted: [],
    unroutedMeanwhile: [],
  },
  ...{ refusedAttempts: [], usedStatements: [], documentedStatements: [], idleStatements: [], unusedActions: [] },
};
const STORE = "InfluxDB 1.8.10";
const RECORD: MetricsRecord = {
  ...{ flinkVersion: "2.2", stores: [STORE, "Prometheus 2.42"], judge: JUDGE, attempts: [] },
  comparisons: [
    { store: STORE, name: "flink_jobmanager_job_numRestarts", before: 1, stored: 1, after: 1, agrees: true },
  ],
  costs: [
    {
      ...{ store: STORE, unit: "flink-metrics.service", jobs: 10, seconds: 61, metricsPerSecond: 20 },
      ...{ corePercent: 0.5, anonymous: 50, proportional: 60, resident: 61.5 },
    },
  ],
  series: [{ what: "a job of 2 subtasks", measured: 140, estimated: 148 }],
  away: [{ store: STORE, awaySeconds: 600, moments: 60, missing: 0, lost: 0 }],
  retention: [{ store: STORE, what: "values of 6 hours ago", oldBefore: 500, oldAfter: 0, youngKept: 30 }],
  faults: [
    {
      ...{ store: STORE, what: "no such name", said: "lookup stores | no such host" },
      ...{ secondsToTell: 9, secondsToRecover: 40, values: "all arrived" },
    },
  ],
};

test("the page has a row for each figure, and no cell that ends another", () => {
  const lines = metricsRecordLines(RECORD, ["One run."]);
  expect(lines).toEqual(
    expect.arrayContaining([
      "One run.",
      `| ${STORE} | \`flink_jobmanager_job_numRestarts\` | 1 | 1 | 1 |`,
      `| ${STORE} | 10 | 61 | 20 | 0.5 | 50 | 61.5 |`,
      "| a job of 2 subtasks | 140 | 148 |",
      `| ${STORE} | 600 | 60 | 0 | 0 |`,
      `| ${STORE} | values of 6 hours ago | 500 | 0 | 30 |`,
      `| ${STORE} | no such name | lookup stores \\| no such host | 9 | 40 | all arrived |`,
    ]),
  );
});
