import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { METRICS_UNIT } from "../../../lib/node/metrics/metrics-unit";
import { METRICS_LOGIN } from "../../../lib/node/paths";
import type { MetricsReport } from "../../../lib/node/report";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import {
  attemptsOfJobsAtMetrics,
  attemptsOfMetricsShipper,
  permittedActsOfMetricsShipper,
} from "../../scenarios/attempts-at-metrics";
import { countingJobsSql } from "../../scenarios/counting-jobs";
import { Deployment } from "../../scenarios/deployment";
import { Faults } from "../../scenarios/faults";
import type { FlinkSession } from "../../scenarios/flink-session";
import { AttemptOutcome, requireActs, tryAttempts } from "../../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { measureShipping } from "../../scenarios/logs/shipping-cost";
import { ensureInfluxDb, ensurePrometheus, ensureTelegraf } from "../../scenarios/metrics/metrics-software";
import { AwayRecord, stayAwayBeyondBound, stayAwayWithinBound } from "../../scenarios/metrics-lab/away";
import { drawLabOverview } from "../../scenarios/metrics-lab/draw-lab-overview";
import { compareWithFlink, Comparison } from "../../scenarios/metrics-lab/flink-values";
import { InfluxDbServer, InfluxDbStore } from "../../scenarios/metrics-lab/influxdb-store";
import { METRICS_FAULTS } from "../../scenarios/metrics-lab/metrics-faults";
import { tryReporters } from "../../scenarios/metrics-lab/metrics-reach";
import { MetricsCost, OfStore, writeMetricsRecord } from "../../scenarios/metrics-lab/metrics-record";
import {
  METRICS_MACHINE,
  METRICS_PORTS,
  METRICS_SECRETS,
  MetricsSettings,
  STORE_KINDS,
} from "../../scenarios/metrics-lab/metrics-stacks";
import type { MetricsStore, RetentionRecord } from "../../scenarios/metrics-lab/metrics-store";
import { MetricsFaultRecord, playMetricsFault } from "../../scenarios/metrics-lab/play-metrics-fault";
import { PostgreSqlStore } from "../../scenarios/metrics-lab/postgresql-store";
import { PrometheusStore } from "../../scenarios/metrics-lab/prometheus-store";
import {
  estimateOfJob,
  ESTIMATED_SERIES,
  SeriesRecord,
  wrongEstimates,
} from "../../scenarios/metrics-lab/series-estimate";
import { readReports } from "../../scenarios/node-reports";
import { callsFromOthers } from "../../scenarios/others/calls-from-others";
import { tracesOnMachine } from "../../scenarios/others/traces-on-machine";
import { ensurePostgreSql } from "../../scenarios/postgresql/postgresql-software";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { testLockFile } from "../../support/software";
import { steps } from "../../support/steps";
import { plannedActions } from "../../support/terraform";
import { createAuthority, KeyAndCertificate } from "../authority";
import type { JudgeFigures } from "../judge/figures";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** Metrics of a node, on their way into stores that others keep. It takes more than half an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;
const FLINK_VERSION = "2.2";
/** Small jobs that run all the time, of which the first is compared; and over how long it is measured what the shipping costs. */
const [JOBS, MEASURED_SECONDS] = [10, 60];
const COMPARED_JOB = "counting-1";
/** How long the first store is away, and the others. */
const [LONG_AWAY_SECONDS, SHORT_AWAY_SECONDS] = [600, 60];
/** The fewest that a node can keep, and how many more it then has to lose. */
const [FEWEST_KEPT, LOST] = [1000, 500];

jest.setTimeout(20 * MINUTE);

describe("a node whose metrics go into one store after the other", () => {
  const step = steps();
  /** Nothing builds on it: an hour is too long to see one thing alone that is wrong. */
  const leaf: typeof step = (name, act) => step(name, act, { isLeaf: true });
  const comparisons: OfStore<Comparison>[] = [];
  const costs: OfStore<MetricsCost>[] = [];
  const series: SeriesRecord[] = [];
  const away: AwayRecord[] = [];
  const retention: OfStore<RetentionRecord>[] = [];
  const faults: MetricsFaultRecord[] = [];
  const attempts: AttemptOutcome[] = [];
  let lab: Lab;
  let authority: KeyAndCertificate;
  let deployment: Deployment;
  let stores: readonly MetricsStore[];
  let prometheus: PrometheusStore;
  let session: FlinkSession;
  let node: Machine;
  let jobs: readonly string[];
  let prometheusSince: number;
  let judge: JudgeFigures;

  const settingsOf = (store: MetricsStore, bufferedMetrics?: number): MetricsSettings => {
    return { authority: authority.certificate, store: store.kind, lockFile: testLockFile(), bufferedMetrics };
  };

  beforeAll(async () => {
    await Promise.all([ensureTelegraf(), ensurePostgreSql(), ensurePrometheus(), ensureInfluxDb()]);
    lab = await Lab.start();
    authority = await createAuthority();
    const machine = () => lab.machine(METRICS_MACHINE);
    const influxDb = new InfluxDbServer(machine, authority);
    prometheus = new PrometheusStore(machine, authority);
    stores = [
      new PostgreSqlStore(machine, authority, FLINK_VERSION),
      new InfluxDbStore("influxdb", influxDb),
      new InfluxDbStore("influxdb2", influxDb),
      prometheus,
    ];
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: JOBS + 1, checkpointIntervalSeconds: 5 },
      metrics: settingsOf(stores[0]),
    });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const metricsReport = async (): Promise<MetricsReport> => (await readReports(deployment))[0].metrics!;

  const processes = (): Promise<string> =>
    node.run(["systemctl", "show", "-P", "MainPID", JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT]);

  const storeOf = (kind: MetricsStore["kind"]): MetricsStore => stores.find((store) => store.kind === kind)!;

  step("applies: the node reports that it is healthy, with servers that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("metrics-users")]);
    for (const { kind, secret } of stores) {
      await lab.aws().secretsManager.putValue(METRICS_SECRETS[kind], JSON.stringify(secret));
    }
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
    await stores[0].start();
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
    for (const stack of ["metrics-users", "streaming", "metrics-servers"] as const) {
      expect(plannedActions(await deployment.plan(stack))).toEqual({});
    }
  });

  step(`runs ${JOBS} small jobs, which began anew once`, async () => {
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    jobs = await sql.submit(countingJobsSql(JOBS), await session.leader());
    expect(jobs).toHaveLength(JOBS);
    for (const jid of jobs) await session.waitForCheckpoint(jid, PATIENCE);
    const ofFlink = new Faults(deployment, session, jobs[0]);
    // What jobs go on from is read by another JobManager alone; and it counts how often they began anew from then on.
    await ofFlink.killLeadingJobManager();
    await ofFlink.killTaskManager();
    for (const jid of jobs) await session.waitForCheckpoint(jid, PATIENCE);
  });

  STORE_KINDS.forEach((kind, index) => {
    if (index > 0) {
      step(`takes ${kind} as another destination over, and Flink goes on`, async () => {
        const store = storeOf(kind);
        await store.start();
        const before = await processes();
        const buffered = kind === "influxdb2" ? FEWEST_KEPT : undefined;
        await deployment.change({ metrics: settingsOf(store, buffered) });
        await waitForRoll(deployment, 6);
        if (kind === "prometheus") prometheusSince = Date.now();
        expect(await processes()).toBe(before);
        expect(plannedActions(await deployment.plan("streaming"))).toEqual({});
        const last = stores[index - 1];
        // The two of InfluxDB are one server.
        if (METRICS_PORTS[last.kind] !== METRICS_PORTS[kind]) await last.stop();
      });
    }

    leaf(`finds in ${kind} what Flink itself says`, async () => {
      const store = storeOf(kind);
      const waitFor = <T>(condition: () => Promise<T | undefined>, what: string) =>
        lab.waitFor(condition, { timeout: PATIENCE, interval: 1000, what: `${what} in ${store.title}` });
      const place = { session, store, jid: await jidOf(COMPARED_JOB), jobName: COMPARED_JOB, waitFor };
      const found = await compareWithFlink(place);
      console.table(found);
      expect(found.filter(({ agrees }) => !agrees)).toEqual([]);
      comparisons.push(...found.map((one) => ({ ...one, store: store.title })));
      const isContent = async () => {
        const { written, problem } = await metricsReport();
        return problem === undefined && written > 0;
      };
      const what = "the node to be content, and to tell that it has written";
      await lab.waitFor(isContent, { timeout: PATIENCE, interval: 1000, what });
    });

    leaf(`has the password of ${kind} in one place, and no machine but the node reaches it`, async () => {
      const { password } = storeOf(kind);
      const file = `${METRICS_LOGIN}/${kind === "influxdb2" ? "token" : "password"}`;
      expect(await tracesOnMachine(node, [password])).toEqual([file]);
      expect((await node.run(["stat", "--file-system", "--format=%T", file])).trim()).toBe("tmpfs");
      const server = { what: `the server of ${kind}`, machine: METRICS_MACHINE, port: METRICS_PORTS[kind] };
      const outcomes = await callsFromOthers(deployment, node.name, server);
      expect(outcomes.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
      attempts.push(...outcomes);
    });

    // Its server is that of the API of version 1; what differs is shown.
    if (kind === "influxdb2") {
      leaf("counts what it loses while its destination is away, beyond what it keeps", async () => {
        away.push(await stayAwayBeyondBound({ deployment, store: storeOf(kind) }, LOST));
        console.table(away);
      });
      return;
    }

    leaf(`measures what shipping to ${kind} costs the node while ${JOBS} small jobs run`, async () => {
      const [since, { written: before }] = [Date.now(), await metricsReport()];
      const [unit] = await measureShipping(node, async () => {
        await lab.waitFor(() => Date.now() - since >= MEASURED_SECONDS * 1000, {
          ...{ timeout: MEASURED_SECONDS * 1000 + MINUTE, interval: 1000, what: `${MEASURED_SECONDS} seconds to pass` },
        });
      }, [METRICS_UNIT]);
      const seconds = Math.round((Date.now() - since) / 1000);
      const metricsPerSecond = Math.round(((await metricsReport()).written - before) / seconds);
      costs.push({ ...unit, store: storeOf(kind).title, jobs: JOBS, seconds, metricsPerSecond });
      console.table(costs);
    });

    const awaySeconds = index === 0 ? LONG_AWAY_SECONDS : SHORT_AWAY_SECONDS;
    leaf(`loses nothing while ${kind} is away for ${awaySeconds} seconds`, async () => {
      away.push(await stayAwayWithinBound({ deployment, store: storeOf(kind) }, awaySeconds));
      console.table(away);
    });

    for (const fault of METRICS_FAULTS.filter(({ isOfNode }) => index === 0 || !isOfNode)) {
      leaf(`lives with this, tells of it and goes on by itself: ${kind}, ${fault.what}`, async () => {
        faults.push(await playMetricsFault({ deployment, session, store: storeOf(kind) }, fault));
        console.table(faults);
      });
    }

    if (kind === "prometheus") {
      leaf("has about as many series as the docs say", async () => {
        const jid = await jidOf(COMPARED_JOB);
        const { vertices } = await session.get<{ vertices: { parallelism: number }[] }>(`/jobs/${jid}`);
        const subtasks = vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
        const ofProcesses = '{__name__=~"flink_(jobmanager|taskmanager)_.*",job_id=""}';
        series.push(
          {
            ...{ what: "a node: JobManager and TaskManager", estimated: ESTIMATED_SERIES.node },
            measured: await prometheus.countSeries(ofProcesses),
          },
          {
            ...{ what: `a job of ${subtasks} subtasks`, estimated: estimateOfJob(subtasks) },
            measured: await prometheus.countSeries(`{__name__=~"flink_.*",job_id="${jid}"}`),
          },
        );
        console.table(series);
        expect(wrongEstimates(series)).toEqual([]);
      });

      leaf("draws the overview of what Prometheus holds, and no panel is empty", async () => {
        console.log(`written: ${await drawLabOverview(prometheus, prometheusSince)}`);
      });
    } else {
      leaf(`takes old values out of ${kind} and leaves young ones there`, async () => {
        const store = storeOf(kind);
        const record = await store.showRetention!();
        retention.push({ ...record, store: store.title });
        console.table(retention);
        expect(record).toMatchObject({ oldAfter: 0 });
        expect(Math.min(record.oldBefore, record.youngKept)).toBeGreaterThan(0);
      });
    }
  });

  leaf("lets nobody but the node itself at Flink's reporters", async () => {
    const outcomes = await tryReporters(deployment, node.name);
    console.table(outcomes);
    expect(outcomes.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    attempts.push(...outcomes);
  });

  leaf("lets no job near what ships metrics, and what ships them near nothing else", async () => {
    await requireActs(node, permittedActsOfMetricsShipper());
    const outcomes = await tryAttempts(node, [...attemptsOfJobsAtMetrics(), ...attemptsOfMetricsShipper()]);
    console.table(outcomes.map(({ attempt, layer, outcome }) => ({ attempt, layer, outcome })));
    expect(outcomes.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    attempts.push(...outcomes);
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "metrics-servers");
    await deployment.destroy("metrics-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    judge = requireLeastPrivilege(deployment);
  });

  const writeRecord = () => {
    const titles = stores.map(({ title }) => title);
    const figures = { flinkVersion: FLINK_VERSION, stores: titles, comparisons, costs, series, away, retention };
    console.log(`written: ${writeMetricsRecord({ ...figures, faults, attempts, judge })}`);
  };
  step("writes the record", async () => writeRecord(), { needsAll: true });

  async function jidOf(name: string): Promise<string> {
    const job = (await session.jobs()).find((each) => each.name === name && each.state === "RUNNING");
    if (!job) throw new Error(`no job ${name} is running`);
    return job.jid;
  }
});
