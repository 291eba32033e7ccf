import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import type { JudgeFigures } from "../../lab/judge/figures";
import { alertJobsSql, FAILING } from "./alert-jobs";
import { LAB_ALERTS, PROVOCATION_GROUPS } from "./alert-provocations";
import { alertsRecordLines } from "./alerts-record";
import { CERTIFICATE, LIMIT_ALERTS, LIMIT_GROUPS } from "./limit-provocations";
import { firingAlertsOf } from "./prometheus-answer";

const JUDGE: JudgeFigures = {
  ...{ calls: 1, ofAdministrator: 0, decided: [], denied: [], deniedAtTeardown: [], unrouted: [] },
  ...{ unroutedMeanwhile: [], refusedAttempts: [], usedStatements: [], documentedStatements: [] },
  ...{ idleStatements: [], unusedActions: [] },
};

test("the page has a row for each alert that was provoked", () => {
  const lines = alertsRecordLines(
    {
      ...{ flinkVersion: "2.2", judge: JUDGE, thresholds: ["All of them short."] },
      alerts: [{ alert: "FlinkNoQuorum", what: "ZooKeeper is stopped", secondsToFire: 61, secondsToClear: 30 }],
    },
    ["One run."],
  );
  expect(lines).toContain("| `FlinkNoQuorum` | ZooKeeper is stopped | 61 | 30 |");
  expect(lines).toContain("All of them short.");
});

test("every alert is provoked once, and is one of the rules that are looked at", () => {
  const here = PROVOCATION_GROUPS.flat().flatMap(({ alerts }) => alerts);
  const atLimits = [...LIMIT_GROUPS.flat(), CERTIFICATE].flatMap(({ alerts }) => alerts);
  expect([...here, ...atLimits].sort()).toEqual(Object.values(FlinkAlert).sort());
  expect(LAB_ALERTS.alerts.map(({ name }) => name)).toEqual(expect.arrayContaining(here));
  expect(LIMIT_ALERTS.alerts.map(({ name }) => name).sort()).toEqual([...atLimits].sort());
});

test("alerts that are not told of yet do not count", () => {
  const alerts = ["pending", "firing"].map((state) => ({ state, labels: { alertname: state } }));
  expect(firingAlertsOf(JSON.stringify({ data: { alerts } }))).toEqual([{ alertname: "firing" }]);
  expect(() => firingAlertsOf('{"status":"error","error":"away"}')).toThrow("Prometheus: away");
});

test("jobs are a script, with keys of their own after those of all", () => {
  const script = alertJobsSql({ names: ["a", "b"], select: FAILING, settings: { x: "y" } }).split("\n");
  expect(script.slice(0, 3)).toEqual([
    "SET 'parallelism.default' = '1';",
    "SET 'execution.checkpointing.interval' = '5 s';",
    "SET 'x' = 'y';",
  ]);
  expect(script.filter((line) => line === `INSERT INTO counts SELECT ${FAILING};`)).toHaveLength(2);
});
