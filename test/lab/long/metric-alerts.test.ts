import { Deployment } from "../../scenarios/deployment";
import type { FlinkSession } from "../../scenarios/flink-session";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { ensurePrometheus, ensureTelegraf } from "../../scenarios/metrics/metrics-software";
import { alertJobsSql } from "../../scenarios/metrics-lab/alert-jobs";
import {
  LAB_ALERTS,
  MORE_SLOTS,
  PROVOCATION_GROUPS,
  STEADY_JOBS,
} from "../../scenarios/metrics-lab/alert-provocations";
import { writeAlertsRecord } from "../../scenarios/metrics-lab/alerts-record";
import { METRICS_MACHINE, METRICS_SECRETS, MetricsSettings } from "../../scenarios/metrics-lab/metrics-stacks";
import { AlertRecord, playAlerts } from "../../scenarios/metrics-lab/play-alert";
import { PrometheusStore } from "../../scenarios/metrics-lab/prometheus-store";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { testLockFile } from "../../support/software";
import { steps } from "../../support/steps";
import { createAuthority, KeyAndCertificate } from "../authority";
import type { JudgeFigures } from "../judge/figures";
import { Lab } from "../lab";

/** Each alert that a node can be made to give, in a Prometheus of others. It takes about an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;
const FLINK_VERSION = "2.2";
/** Steady jobs, and room for those that are provoked. */
const SLOTS = STEADY_JOBS.length + MORE_SLOTS;
/** The fewest that a node can keep. */
const FEWEST_KEPT = 1000;

jest.setTimeout(30 * MINUTE);

describe("a node whose metrics are watched", () => {
  const step = steps();
  const records: AlertRecord[] = [];
  let lab: Lab;
  let authority: KeyAndCertificate;
  let deployment: Deployment;
  let prometheus: PrometheusStore;
  let session: FlinkSession;
  let sql: SqlClient;
  let judge: JudgeFigures;

  const metrics = (bufferedMetrics?: number): MetricsSettings => {
    return { authority: authority.certificate, store: prometheus.kind, lockFile: testLockFile(), bufferedMetrics };
  };

  beforeAll(async () => {
    await Promise.all([ensureTelegraf(), ensurePrometheus()]);
    lab = await Lab.start();
    authority = await createAuthority();
    prometheus = new PrometheusStore(() => lab.machine(METRICS_MACHINE), authority, LAB_ALERTS.toPrometheusRules());
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: SLOTS, checkpointIntervalSeconds: 5 },
      metrics: metrics(),
    });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  step(
    "applies: the node reports that it is healthy, with a Prometheus that others keep and the rules in it",
    async () => {
      deployment.synthesize();
      await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("metrics-users")]);
      await lab.aws().secretsManager.putValue(METRICS_SECRETS.prometheus, JSON.stringify(prometheus.secret));
      await deployment.apply("streaming");
      await Promise.all([
        deployment.waitUntilHealthy(6),
        deployment.apply("client"),
        deployment.apply("metrics-servers"),
      ]);
      const server = lab.machine(METRICS_MACHINE);
      await lab.waitFor(() => server.cloudInitResult(), {
        ...{ timeout: 3 * MINUTE, what: `${server.name} to be configured` },
      });
      await prometheus.start();
      session = await deployment.session();
      await session.waitForTaskManagers(1, 2 * MINUTE);
    },
  );

  step("runs jobs, and no alert is told of", async () => {
    sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    for (const jid of await sql.submit(alertJobsSql({ names: STEADY_JOBS }), await session.leader())) {
      await session.waitForCheckpoint(jid, PATIENCE);
    }
    // What only the first minutes gave: values of before the store was there come late.
    await lab.waitFor(async () => (await prometheus.firingAlerts()).length === 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "no alert" },
    });
    expect(await prometheus.countSeries("cdktf_flink_agent_timestamp_seconds")).toBe(1);
  });

  step("takes over that it keeps fewer metrics, of which it soon loses some", async () => {
    await deployment.change({ metrics: metrics(FEWEST_KEPT) });
    await waitForRoll(deployment, 6);
  });

  for (const group of PROVOCATION_GROUPS) {
    const names = group.flatMap(({ alerts }) => alerts);
    // Nothing builds on it: an hour is too long to see one thing alone that is wrong.
    step(
      `${names.join(", ")}: ${group.map(({ what }) => what).join("; ")}`,
      () => playAlerts({ deployment, session, sql, prometheus }, group, records),
      { isLeaf: true },
    );
  }

  step("runs its steady jobs after all that, none of which ended for good", async () => {
    const running = async (): Promise<readonly string[]> =>
      (await session.jobs()).filter(({ state }) => state === "RUNNING").map(({ name }) => name);
    await lab.waitFor(async () => isPart(STEADY_JOBS, await running()), {
      ...{ timeout: PATIENCE, interval: 1000, what: STEADY_JOBS.join(" and ") + " to run" },
    });
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "metrics-servers");
    await deployment.destroy("metrics-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    judge = requireLeastPrivilege(deployment);
  });

  const writeRecord = () => {
    const record = { flinkVersion: FLINK_VERSION, alerts: records, thresholds: [], judge };
    console.log(`written: ${writeAlertsRecord("metric-alerts", record)}`);
  };
  step("writes the record", async () => writeRecord(), { needsAll: true });
});

function isPart(some: readonly string[], all: readonly string[]): boolean {
  return some.every((each) => all.includes(each));
}
