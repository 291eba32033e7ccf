import { Duration } from "../../../lib/core/duration";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { METRICS_UNIT } from "../../../lib/node/metrics/metrics-unit";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import type { Machine } from "../../lab/machine";
import type { Deployment } from "../deployment";
import type { FlinkSession } from "../flink-session";
import { fillDataVolume, freeDataVolume } from "../logs/full-volume";
import { readReports } from "../node-reports";
import type { SqlClient } from "../sql-client";
import { AlertJobs, alertJobsSql, FAILING } from "./alert-jobs";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { PrometheusStore } from "./prometheus-store";

/** Where alerts are provoked: a cluster of one node. */
export interface AlertPlace {
  readonly deployment: Deployment;
  readonly session: FlinkSession;
  readonly sql: SqlClient;
  readonly prometheus: PrometheusStore;
}

/** What makes alerts, in a place that may hold more. */
export interface AlertProvocation<P extends AlertPlace = AlertPlace> {
  readonly what: string;
  /** All of these. */
  readonly alerts: readonly FlinkAlert[];
  /** The one job whose alerts are meant; absent: they are about no job. */
  readonly job?: string;
  /** Does it; gives what mends it. */
  readonly provoke: (place: P) => Promise<() => Promise<void>>;
}

/** Jobs that run all the time. */
export const STEADY_JOBS = ["steady-1", "steady-2"];
/** The most that are provoked at once, and one that stays free. */
export const MORE_SLOTS = 4;
const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;
/** Less than a node calls full, and more than Flink lays down meanwhile: without any room it cannot go on itself. */
const NEARLY_FULL_BYTES = 12 << 20;
/** Of metrics, so many as cannot be taken for one that went astray. */
const LOST = 500;

export const SHORTEST = Duration.seconds(8 * METRICS_INTERVAL_SECONDS);

/** The shortest thresholds that there are, so that it does not take a day. */
export const LAB_ALERTS = new FlinkMetricAlerts({
  ...{ interval: Duration.seconds(METRICS_INTERVAL_SECONDS), evaluationInterval: Duration.seconds(10) },
  ...{ jobDownAfter: SHORTEST, jobGoneAfter: SHORTEST, restarts: 3, restartsWithin: Duration.minutes(2) },
  ...{ failedCheckpoints: 5, failedCheckpointsWithin: Duration.minutes(2), checkpointInterval: Duration.seconds(5) },
  ...{ backPressurePart: 0.3, backPressureFor: SHORTEST, noFreeSlotsAfter: SHORTEST },
  ...{ taskManagerMissingAfter: SHORTEST, nodeUnhealthyAfter: SHORTEST, nodeSilentAfter: SHORTEST },
  ...{ noLeaderAfter: SHORTEST, noQuorumAfter: SHORTEST, diskFor: SHORTEST, clockOffAfter: Duration.hours(24) },
  ...{ lostMetricsWithin: Duration.minutes(2), watchedFor: Duration.hours(1) },
});

export const nodeOf = ({ deployment, session }: AlertPlace): Machine => deployment.machine(session.nodes[0].name);
const systemctl = (place: AlertPlace, ...argv: string[]): Promise<unknown> =>
  nodeOf(place).run(["systemctl", ...argv], { timeout: 3 * MINUTE });

/** A unit is stopped by hand, which nobody starts anew but by hand. */
const stopping = (unit: string) => async (place: AlertPlace) => {
  await systemctl(place, "stop", unit);
  return async () => {
    await systemctl(place, "start", unit);
    await place.deployment.waitUntilHealthy(6);
  };
};

/** Jobs are submitted, and cancelled to mend it. */
export const submitting = (jobs: AlertJobs) => async (place: AlertPlace) => {
  const ids = await submit(place, jobs);
  return async () => {
    for (const jid of ids) await cancel(place, jid);
  };
};

async function submit({ sql, session }: AlertPlace, jobs: AlertJobs): Promise<readonly string[]> {
  return sql.submit(alertJobsSql(jobs), await session.leader());
}

async function cancel({ session }: AlertPlace, jid: string): Promise<void> {
  await session.call("PATCH", `/jobs/${jid}?mode=cancel`);
}

/** What has nothing to do with another: it is played at the same time. */
const BESIDE_EACH_OTHER: readonly AlertProvocation[] = [
  {
    what: "a job fails with its first row, and begins anew each second",
    alerts: [FlinkAlert.JOB_RESTARTING],
    job: "failing-1",
    provoke: submitting({
      ...{ names: ["failing-1"], select: FAILING },
      settings: {
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "100000",
        "restart-strategy.fixed-delay.delay": "1 s",
      },
    }),
  },
  {
    what: "a job fails with its first row, and waits 10 minutes before it begins anew",
    alerts: [FlinkAlert.JOB_DOWN],
    job: "failing-2",
    provoke: submitting({
      ...{ names: ["failing-2"], select: FAILING },
      settings: {
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "100000",
        "restart-strategy.fixed-delay.delay": "10 min",
      },
    }),
  },
  {
    what: "a job is cancelled; it is submitted again by the same name",
    alerts: [FlinkAlert.JOB_GONE],
    job: "steady-2",
    provoke: async (place) => {
      const job = (await place.session.jobs()).find(({ name, state }) => name === "steady-2" && state === "RUNNING");
      await cancel(place, job!.jid);
      return async () => void (await submit(place, { names: ["steady-2"] }));
    },
  },
  {
    what: "a job whose checkpoints may take 10 milliseconds",
    alerts: [FlinkAlert.CHECKPOINTS_FAILING, FlinkAlert.CHECKPOINTS_MISSING],
    job: "expiring",
    provoke: submitting({
      names: ["expiring"],
      settings: {
        "execution.checkpointing.timeout": "10 ms",
        "execution.checkpointing.tolerable-failed-checkpoints": "100000",
      },
    }),
  },
  {
    what: "the mark that timesyncd leaves of its last success is two days old (made by hand)",
    alerts: [FlinkAlert.CLOCK_OFF],
    provoke: async (place) => {
      const mark = "/run/systemd/timesync/synchronized";
      await nodeOf(place).run(["install", "-d", "-m", "0755", "/run/systemd/timesync"]);
      await nodeOf(place).run(["touch", "--date=2 days ago", mark]);
      return async () => void (await nodeOf(place).run(["touch", mark]));
    },
  },
];

const ONE_AFTER_THE_OTHER: readonly AlertProvocation[] = [
  {
    what: "jobs take all slots that are free",
    alerts: [FlinkAlert.NO_FREE_SLOTS],
    provoke: async (place) => {
      const free = (await place.session.overview())["slots-available"];
      return submitting({ names: Array.from({ length: free }, (_, at) => `filling-${at + 1}`) })(place);
    },
  },
  {
    what: "the TaskManager is stopped by hand",
    alerts: [FlinkAlert.TASK_MANAGER_MISSING, FlinkAlert.NODE_UNHEALTHY],
    provoke: stopping(TASK_MANAGER_UNIT),
  },
  {
    what: "the JobManager is stopped by hand",
    alerts: [FlinkAlert.NO_LEADER],
    provoke: stopping(JOB_MANAGER_UNIT),
  },
  {
    what: "ZooKeeper is stopped by hand",
    alerts: [FlinkAlert.NO_QUORUM],
    provoke: stopping(ZOOKEEPER_UNIT),
  },
  {
    what: "Telegraf is halted (SIGSTOP)",
    alerts: [FlinkAlert.NODE_SILENT],
    provoke: async (place) => {
      const send = (signal: string) => systemctl(place, "kill", `--signal=${signal}`, METRICS_UNIT);
      await send("STOP");
      return async () => void (await send("CONT"));
    },
  },
  {
    what: "the data volume is full but for 12 MiB",
    alerts: [FlinkAlert.DISK_FILLING],
    provoke: async (place) => {
      await fillDataVolume(nodeOf(place), NEARLY_FULL_BYTES);
      return () => freeDataVolume(nodeOf(place));
    },
  },
  {
    what: `the store was away until the node had lost ${LOST} metrics, with the fewest that it can keep`,
    alerts: [FlinkAlert.METRICS_LOST],
    provoke: async ({ deployment, prometheus }) => {
      const lost = async (): Promise<number> => (await readReports(deployment))[0].metrics!.lost;
      const before = await lost();
      await prometheus.stop();
      await deployment.lab.waitFor(async () => (await lost()) >= before + LOST, {
        ...{ timeout: 2 * PATIENCE, interval: 1000, what: `the node to have lost ${LOST} metrics` },
      });
      await prometheus.resume();
      // What is lost is lost: the alert ends with the time over which it counts.
      return () => Promise.resolve();
    },
  },
  {
    what: "a job whose source makes more than its aggregation can take",
    alerts: [FlinkAlert.BACK_PRESSURE],
    job: "flooded",
    provoke: submitting({ names: ["flooded"], rowsPerSecond: 5_000_000 }),
  },
];

/** All of them, in the order in which they are played: those of one group at once. */
export const PROVOCATION_GROUPS: readonly (readonly AlertProvocation[])[] = [
  BESIDE_EACH_OTHER,
  ...ONE_AFTER_THE_OTHER.map((one) => [one]),
];
