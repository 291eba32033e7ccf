import { Deployment } from "../../scenarios/deployment";
import type { FlinkSession } from "../../scenarios/flink-session";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { LogSearch } from "../../scenarios/logs/log-search";
import { alertJobsSql } from "../../scenarios/metrics-lab/alert-jobs";
import { STEADY_JOBS } from "../../scenarios/metrics-lab/alert-provocations";
import { writeAlertsRecord } from "../../scenarios/metrics-lab/alerts-record";
import { JvmBallast } from "../../scenarios/metrics-lab/jvm-ballast/jvm-ballast";
import {
  CERTIFICATE,
  CERTIFICATE_PATIENCE,
  LIMIT_ALERTS,
  LIMIT_GROUPS,
  LimitPlace,
  VALIDITY,
} from "../../scenarios/metrics-lab/limit-provocations";
import { METRICS_MACHINE, METRICS_SECRETS } from "../../scenarios/metrics-lab/metrics-stacks";
import { AlertRecord, playAlert, playAlerts } from "../../scenarios/metrics-lab/play-alert";
import { PrometheusStore } from "../../scenarios/metrics-lab/prometheus-store";
import { ensurePrometheus, ensureTelegraf } from "../../scenarios/metrics/metrics-software";
import { ensureOpenSearch } from "../../scenarios/opensearch/opensearch-software";
import { SqlClient } from "../../scenarios/sql-client";
import { testLockFile } from "../../support/software";
import { steps } from "../../support/steps";
import { createAuthority, KeyAndCertificate } from "../authority";
import type { JudgeFigures } from "../judge/figures";
import { Lab } from "../lab";

/** The alerts of what a node comes to the end of. It takes about half an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;
const FLINK_VERSION = "2.2";
/** Steady jobs, and one that is slow. */
const SLOTS = STEADY_JOBS.length + 1;
const BUFFER_MEBIBYTES = 64;

jest.setTimeout(45 * MINUTE);

describe("a node that comes to its limits", () => {
  const step = steps();
  const records: AlertRecord[] = [];
  let lab: Lab;
  let authority: KeyAndCertificate;
  let deployment: Deployment;
  let prometheus: PrometheusStore;
  let search: LogSearch;
  let session: FlinkSession;
  let place: LimitPlace;
  let certificate: Promise<PromiseSettledResult<readonly AlertRecord[]>>;
  let judge: JudgeFigures;

  beforeAll(async () => {
    await Promise.all([ensureTelegraf(), ensurePrometheus(), ensureOpenSearch()]);
    lab = await Lab.start();
    authority = await createAuthority();
    prometheus = new PrometheusStore(() => lab.machine(METRICS_MACHINE), authority, LIMIT_ALERTS.toPrometheusRules());
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: SLOTS, checkpointIntervalSeconds: 5 },
      ...{ certificateValiditySeconds: VALIDITY.toSeconds() },
      metrics: { authority: authority.certificate, store: prometheus.kind, lockFile: testLockFile() },
      logs: { authority: authority.certificate, bufferMebibytes: BUFFER_MEBIBYTES },
    });
    search = new LogSearch(deployment, FLINK_VERSION, authority);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const startPrometheus = async (): Promise<void> => {
    await deployment.apply("metrics-servers");
    const server = lab.machine(METRICS_MACHINE);
    await lab.waitFor(() => server.cloudInitResult(), {
      ...{ timeout: 3 * MINUTE, what: `${server.name} to be configured` },
    });
    await prometheus.start();
  };

  step(
    "applies: the node reports that it is healthy, with a Prometheus and an OpenSearch that others keep",
    async () => {
      deployment.synthesize();
      await Promise.all([
        ...[deployment.apply("storage"), deployment.apply("sink"), deployment.apply("opensearch-users")],
        deployment.apply("metrics-users"),
      ]);
      await search.storePassword();
      await lab.aws().secretsManager.putValue(METRICS_SECRETS.prometheus, JSON.stringify(prometheus.secret));
      await deployment.apply("streaming");
      await Promise.all([
        ...[deployment.waitUntilHealthy(6), deployment.apply("client"), startPrometheus()],
        deployment.apply("opensearch").then(() => search.start()),
      ]);
      session = await deployment.session();
      await session.waitForTaskManagers(1, 2 * MINUTE);
    },
  );

  step("runs jobs, and no alert is told of", async () => {
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    for (const jid of await sql.submit(alertJobsSql({ names: STEADY_JOBS }), await session.leader())) {
      await session.waitForCheckpoint(jid, PATIENCE);
    }
    await lab.waitFor(async () => (await prometheus.firingAlerts()).length === 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "no alert" },
    });
    expect(await prometheus.countSeries("cdktf_flink_certificate_remaining_seconds")).toBeGreaterThan(0);
    const ballast = await JvmBallast.install(deployment.machine(session.nodes[0].name));
    place = { deployment, session, sql, prometheus, search, ballast };
    certificate = Promise.allSettled([playAlert(place, CERTIFICATE, CERTIFICATE_PATIENCE)]).then(([one]) => one);
  });

  for (const group of LIMIT_GROUPS) {
    const names = group.flatMap(({ alerts }) => alerts);
    step(`${names.join(", ")}: ${group.map(({ what }) => what).join("; ")}`, () => playAlerts(place, group, records), {
      isLeaf: true,
    });
  }

  step(`${CERTIFICATE.alerts.join(", ")}: ${CERTIFICATE.what}`, async () => {
    const played = await certificate;
    if (played.status === "rejected") throw played.reason;
    records.push(...played.value);
    console.table(records);
  });

  step("runs its steady jobs after all that, none of which ended for good", async () => {
    const running = async (): Promise<readonly string[]> =>
      (await session.jobs()).filter(({ state }) => state === "RUNNING").map(({ name }) => name);
    await lab.waitFor(async () => [...(await running())].sort().join() === [...STEADY_JOBS].sort().join(), {
      ...{ timeout: PATIENCE, interval: 1000, what: STEADY_JOBS.join(" and ") + " to run" },
    });
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "metrics-servers", "opensearch");
    await Promise.all([deployment.destroy("metrics-users"), deployment.destroy("opensearch-users")]);
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    judge = requireLeastPrivilege(deployment);
  });

  const writeRecord = () => {
    const thresholds = [
      "Heap and metaspace were told of from 70 % on, and inodes from 60 %: in earnest from 90 and 85 %. A certificate was told of when half",
      "of its time was over, which is before it is renewed: in earnest that is told of which was not renewed.",
    ];
    const record = { flinkVersion: FLINK_VERSION, alerts: records, thresholds, judge };
    console.log(`written: ${writeAlertsRecord("limit-alerts", record)}`);
  };
  step("writes the record", async () => writeRecord(), { needsAll: true });
});
