import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";

/** Values of one series; seconds since the beginning of the scenario; nothing where there is no value. */
export interface ScenarioSeries {
  readonly measurement: string;
  readonly field: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly valueAt: (seconds: number) => number | undefined;
}

/** What gives an alert, with the thresholds that there are by default. */
export interface AlertScenario {
  readonly alert: FlinkAlert;
  readonly series: readonly ScenarioSeries[];
  /** Labels of the alert beside that of the cluster. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The value as the words of the alert have it, where they have it. */
  readonly shown?: string;
  /** Seconds since the beginning: when it is not so yet, when it is told, and when it is over. */
  readonly before: number;
  /** When it is so already, and not told yet: of what has to be so for a time. */
  readonly waits?: number;
  readonly fires: number;
  readonly over: number;
}

/** From one value to the next. */
export const STEP_SECONDS = 30;
export const CLUSTER = "orders";
/** With what may not be syntax in any language. */
export const JOB = `Orders, "5" min (a/b)`;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** All is well until then, where nothing else is said. */
const BEGIN = 20 * MINUTE;
const NODE = { node: "orders-node-1" };
const OF_JOB = { ...NODE, job_id: "4f3a", job_name: JOB };
const OF_TASK = { ...OF_JOB, task_id: "t1", task_name: "Sink: orders", subtask_index: "0", task_attempt_id: "a1" };
const TASK_MANAGER = { ...NODE, unit: "flink-taskmanager.service" };

const one = (
  measurement: string,
  field: string,
  labels: Readonly<Record<string, string>>,
  valueAt: ScenarioSeries["valueAt"],
): ScenarioSeries => ({ measurement, field, labels, valueAt });
/** Another value between two moments. */
const between = (from: number, to: number, then: number | undefined, otherwise: number) => (at: number) =>
  at >= from && at < to ? then : otherwise;
/** Grows by one in each step, but between two moments. */
const growingBut = (from: number, to: number) => (at: number) =>
  Math.floor((at < from ? at : at < to ? from : at - (to - from)) / STEP_SECONDS);
/** Grows by one in each step between two moments alone. */
const growingOnly = (from: number, to: number) => (at: number) =>
  Math.floor((Math.min(Math.max(at, from), to) - from) / STEP_SECONDS);

/** The other one of two series of a line, which shows that a line is judged by the right one of them. */
const OTHER_NODE = { node: "orders-node-2" };

export const ALERT_SCENARIOS: readonly AlertScenario[] = [
  {
    alert: FlinkAlert.JOB_DOWN,
    series: [
      one("flink_jobmanager_job", "restartingTime", OF_JOB, (at) =>
        at >= BEGIN && at < BEGIN + 10 * MINUTE ? (at - BEGIN) * 1000 : 0,
      ),
    ],
    labels: { job_name: JOB },
    value: 240,
    shown: "4m 0s",
    ...{ before: BEGIN + 3 * MINUTE, fires: BEGIN + 4 * MINUTE, over: BEGIN + 11 * MINUTE },
  },
  {
    alert: FlinkAlert.JOB_GONE,
    // It came back as another one of the same name, on another leader.
    series: [
      one("flink_jobmanager_job", "uptime", OF_JOB, (at) => (at < BEGIN ? at * 1000 : undefined)),
      one("flink_jobmanager_job", "uptime", { ...OF_JOB, ...OTHER_NODE, job_id: "5a4b" }, (at) =>
        at < BEGIN + 20 * MINUTE ? undefined : at,
      ),
    ],
    labels: { job_name: JOB },
    value: 0,
    ...{ before: BEGIN + 4 * MINUTE, fires: BEGIN + 6 * MINUTE, over: BEGIN + 21 * MINUTE },
  },
  {
    alert: FlinkAlert.JOB_RESTARTING,
    series: [
      one("flink_jobmanager_job", "numRestarts", OF_JOB, growingOnly(BEGIN, BEGIN + 3 * STEP_SECONDS)),
      // Of a leader of before, which began anew.
      one("flink_jobmanager_job", "numRestarts", { ...OF_JOB, ...OTHER_NODE }, () => 7),
    ],
    labels: { job_name: JOB },
    value: 3,
    shown: "3",
    ...{ before: BEGIN + STEP_SECONDS * 2, fires: BEGIN + 4 * MINUTE, over: BEGIN + 20 * MINUTE },
  },
  {
    alert: FlinkAlert.CHECKPOINTS_FAILING,
    series: [one("flink_jobmanager_job", "numberOfFailedCheckpoints", OF_JOB, growingOnly(2 * BEGIN, 2 * BEGIN + 150))],
    labels: { job_name: JOB },
    value: 5,
    shown: "5",
    ...{ before: 2 * BEGIN + 120, fires: 2 * BEGIN + 5 * MINUTE, over: 2 * BEGIN + 35 * MINUTE },
  },
  {
    alert: FlinkAlert.CHECKPOINTS_MISSING,
    series: [
      one("flink_jobmanager_job", "numberOfCompletedCheckpoints", OF_JOB, growingBut(BEGIN, BEGIN + 20 * MINUTE)),
    ],
    labels: { job_name: JOB },
    value: 0,
    ...{ before: BEGIN + 4 * MINUTE, waits: BEGIN + 9 * MINUTE, fires: BEGIN + 12 * MINUTE, over: BEGIN + 21 * MINUTE },
  },
  {
    alert: FlinkAlert.CHECKPOINTS_SLOW,
    series: [
      one("flink_jobmanager_job", "lastCheckpointDuration", OF_JOB, between(BEGIN, BEGIN + 300, 500_000, 2_000)),
    ],
    labels: { job_name: JOB },
    value: 500,
    shown: "8m 20s",
    ...{ before: BEGIN - MINUTE, fires: BEGIN + MINUTE, over: BEGIN + 6 * MINUTE },
  },
  {
    alert: FlinkAlert.BACK_PRESSURE,
    series: [
      one("flink_taskmanager_job_task", "backPressuredTimeMsPerSecond", OF_TASK, between(BEGIN, 2 * BEGIN, 900, 0)),
      one("flink_taskmanager_job_task", "backPressuredTimeMsPerSecond", { ...OF_TASK, subtask_index: "1" }, () => 0),
    ],
    labels: { job_name: JOB, task_name: "Sink: orders" },
    value: 0.9,
    shown: "90%",
    ...{
      before: BEGIN + 3 * MINUTE,
      waits: BEGIN + 11 * MINUTE,
      fires: BEGIN + 18 * MINUTE,
      over: 2 * BEGIN + 15 * MINUTE,
    },
  },
  ...(
    [
      ["flink_taskmanager", FlinkAlert.TASK_MANAGER_HEAP, FlinkAlert.TASK_MANAGER_METASPACE],
      ["flink_jobmanager", FlinkAlert.JOB_MANAGER_HEAP, FlinkAlert.JOB_MANAGER_METASPACE],
    ] as const
  ).flatMap(([process, heap, metaspace]): AlertScenario[] => [
    {
      alert: heap,
      series: [
        // Garbage fills it, and is collected, all the time; then a collection frees nothing any more.
        one(process, "Status_JVM_Memory_Heap_Used", NODE, (at) =>
          at >= BEGIN && at < BEGIN + 20 * MINUTE ? 930 : at % 120 < 90 ? 980 : 300,
        ),
        one(process, "Status_JVM_Memory_Heap_Max", NODE, () => 1_000),
      ],
      labels: NODE,
      value: 0.93,
      shown: "93%",
      ...{
        before: BEGIN + 6 * MINUTE,
        waits: BEGIN + 13 * MINUTE,
        fires: BEGIN + 18 * MINUTE,
        over: BEGIN + 24 * MINUTE,
      },
    },
    {
      alert: metaspace,
      series: [
        one(process, "Status_JVM_Memory_Metaspace_Used", NODE, between(BEGIN, BEGIN + 300, 950, 800)),
        one(process, "Status_JVM_Memory_Metaspace_Max", NODE, () => 1_000),
      ],
      labels: NODE,
      value: 0.95,
      shown: "95%",
      ...{ before: BEGIN - MINUTE, fires: BEGIN + MINUTE, over: BEGIN + 6 * MINUTE },
    },
  ]),
  {
    alert: FlinkAlert.NO_LEADER,
    // Another one took over.
    series: [
      one("flink_jobmanager", "numRegisteredTaskManagers", NODE, (at) => (at < BEGIN ? 2 : undefined)),
      one("flink_jobmanager", "numRegisteredTaskManagers", OTHER_NODE, (at) =>
        at < BEGIN + 300 ? undefined : Math.min(1, at - BEGIN - 300),
      ),
    ],
    labels: {},
    value: 0,
    ...{ before: BEGIN + MINUTE, fires: BEGIN + 3 * MINUTE, over: BEGIN + 6 * MINUTE },
  },
  {
    alert: FlinkAlert.NO_QUORUM,
    series: [
      one("cdktf_flink_zookeeper", "leads", NODE, between(BEGIN, BEGIN + 300, undefined, 1)),
      one("cdktf_flink_zookeeper", "leads", OTHER_NODE, between(BEGIN, BEGIN + 300, undefined, 0)),
    ],
    labels: {},
    value: 0,
    ...{ before: BEGIN, waits: BEGIN + MINUTE, fires: BEGIN + 3 * MINUTE, over: BEGIN + 6 * MINUTE },
  },
  {
    alert: FlinkAlert.TASK_MANAGER_MISSING,
    series: [
      one("cdktf_flink_unit", "healthy", TASK_MANAGER, between(BEGIN, BEGIN + 10 * MINUTE, 0, 1)),
      one("cdktf_flink_unit", "healthy", { ...NODE, unit: "zookeeper.service" }, () => 1),
    ],
    labels: NODE,
    value: 0,
    ...{ before: BEGIN + MINUTE, waits: BEGIN + 4 * MINUTE, fires: BEGIN + 6 * MINUTE, over: BEGIN + 11 * MINUTE },
  },
  {
    alert: FlinkAlert.NO_FREE_SLOTS,
    series: [one("flink_jobmanager", "taskSlotsAvailable", NODE, between(BEGIN, BEGIN + HOUR, 0, 2))],
    labels: {},
    value: 0,
    ...{
      before: BEGIN + 14 * MINUTE,
      waits: BEGIN + 29 * MINUTE,
      fires: BEGIN + 31 * MINUTE,
      over: BEGIN + HOUR + MINUTE,
    },
  },
  {
    alert: FlinkAlert.ROLL_STOPPED,
    series: [one("cdktf_flink_node", "change_pending", NODE, between(BEGIN, BEGIN + 2 * HOUR, 1, 0))],
    labels: NODE,
    value: 1,
    ...{
      before: BEGIN + 28 * MINUTE,
      waits: BEGIN + 58 * MINUTE,
      fires: BEGIN + 62 * MINUTE,
      over: BEGIN + 2 * HOUR + MINUTE,
    },
  },
  {
    alert: FlinkAlert.CERTIFICATE_EXPIRING,
    series: [
      // Told on a day before the alert, as a certificate lives long; then it is renewed.
      one("cdktf_flink_certificate", "remaining_seconds", { ...NODE, process: "jobmanager" }, (at) =>
        at < BEGIN ? 20 * 86_400 + 300 : at < BEGIN + 600 ? 20 * 86_400 - 300 : 90 * 86_400,
      ),
      one("cdktf_flink_certificate", "remaining_seconds", { ...NODE, process: "zookeeper" }, () => 60 * 86_400),
    ],
    labels: { ...NODE, process: "jobmanager" },
    value: 20 * 86_400 - 300,
    shown: "19d 23h 55m 0s",
    ...{ before: BEGIN - MINUTE, fires: BEGIN + MINUTE, over: BEGIN + 11 * MINUTE },
  },
  {
    alert: FlinkAlert.NODE_SILENT,
    series: [
      one("cdktf_flink_agent", "timestamp_seconds", NODE, (at) => (at < BEGIN || at > 2 * BEGIN ? at : undefined)),
    ],
    labels: NODE,
    value: 0,
    ...{
      before: BEGIN + 2 * MINUTE,
      waits: BEGIN + 4 * MINUTE,
      fires: BEGIN + 6 * MINUTE,
      over: 2 * BEGIN + 3 * MINUTE,
    },
  },
  {
    alert: FlinkAlert.NODE_UNHEALTHY,
    series: [one("cdktf_flink_node", "healthy", NODE, between(BEGIN, BEGIN + 15 * MINUTE, 0, 1))],
    labels: NODE,
    value: 0,
    ...{ before: BEGIN + 4 * MINUTE, waits: BEGIN + 9 * MINUTE, fires: BEGIN + 11 * MINUTE, over: BEGIN + 16 * MINUTE },
  },
  ...(
    [
      [FlinkAlert.DISK_FILLING, "used_percent"],
      [FlinkAlert.INODES_FILLING, "inodes_used_percent"],
    ] as const
  ).map(([alert, field]): AlertScenario => ({
    alert,
    series: [
      one("disk", field, { ...NODE, path: "/data" }, between(BEGIN, BEGIN + 15 * MINUTE, 91, 60)),
      one("disk", field, { ...NODE, path: "/" }, between(BEGIN, BEGIN + MINUTE, 95, 60)),
    ],
    labels: { ...NODE, path: "/data" },
    value: 91,
    shown: "91.0 %",
    ...{ before: BEGIN + 4 * MINUTE, waits: BEGIN + 9 * MINUTE, fires: BEGIN + 11 * MINUTE, over: BEGIN + 16 * MINUTE },
  })),
  {
    alert: FlinkAlert.CLOCK_OFF,
    series: [one("cdktf_flink_clock", "unsynchronized_seconds", NODE, (at) => (at < 5 * HOUR ? at : at - 5 * HOUR))],
    labels: NODE,
    value: 4 * HOUR,
    shown: "4h 0m 0s",
    ...{ before: 3 * HOUR, fires: 4 * HOUR, over: 5 * HOUR + MINUTE },
  },
  {
    alert: FlinkAlert.LOGS_FAILING,
    series: [one("cdktf_flink_logs", "failing", NODE, between(BEGIN, BEGIN + 20 * MINUTE, 1, 0))],
    labels: NODE,
    value: 1,
    ...{
      before: BEGIN + 6 * MINUTE,
      waits: BEGIN + 14 * MINUTE,
      fires: BEGIN + 16 * MINUTE,
      over: BEGIN + 21 * MINUTE,
    },
  },
  {
    alert: FlinkAlert.METRICS_LOST,
    series: [
      one("internal_write", "metrics_dropped", { ...NODE, output: "http" }, growingOnly(BEGIN, BEGIN + 2 * MINUTE)),
    ],
    labels: NODE,
    value: 4,
    shown: "4",
    ...{ before: BEGIN, fires: BEGIN + 4 * MINUTE, over: BEGIN + 20 * MINUTE },
  },
];

/** What has just begun, and is well after the first two looks: a node, a cluster, or another attempt of a task. */
export interface Beginning {
  readonly alert: FlinkAlert;
  readonly series: readonly ScenarioSeries[];
}

/** Not well at first, from the moment on at which there is a series. */
const begun = (first: number, then: number) => (at: number) =>
  at < BEGIN ? undefined : at < BEGIN + 2 * STEP_SECONDS ? first : then;

/** When the first look is, and what is to be told of at none of the moments after it. */
export const FIRST_LOOK_SECONDS = BEGIN;
export const BEGINNINGS: readonly Beginning[] = [
  { alert: FlinkAlert.NODE_UNHEALTHY, series: [one("cdktf_flink_node", "healthy", NODE, begun(0, 1))] },
  { alert: FlinkAlert.TASK_MANAGER_MISSING, series: [one("cdktf_flink_unit", "healthy", TASK_MANAGER, begun(0, 1))] },
  { alert: FlinkAlert.NO_FREE_SLOTS, series: [one("flink_jobmanager", "taskSlotsAvailable", NODE, begun(0, 2))] },
  { alert: FlinkAlert.ROLL_STOPPED, series: [one("cdktf_flink_node", "change_pending", NODE, begun(1, 0))] },
  { alert: FlinkAlert.LOGS_FAILING, series: [one("cdktf_flink_logs", "failing", NODE, begun(1, 0))] },
  {
    alert: FlinkAlert.NODE_SILENT,
    series: [one("cdktf_flink_agent", "timestamp_seconds", NODE, (at) => (at < BEGIN ? undefined : at))],
  },
  {
    // The one that leads is told of later than the other one.
    alert: FlinkAlert.NO_QUORUM,
    series: [
      one("cdktf_flink_zookeeper", "leads", NODE, begun(0, 0)),
      one("cdktf_flink_zookeeper", "leads", OTHER_NODE, (at) => (at < BEGIN + STEP_SECONDS ? undefined : 1)),
    ],
  },
  {
    // It began anew, and catches up.
    alert: FlinkAlert.BACK_PRESSURE,
    series: [
      one("flink_taskmanager_job_task", "backPressuredTimeMsPerSecond", OF_TASK, (at) => (at < BEGIN ? 0 : undefined)),
      one(
        "flink_taskmanager_job_task",
        "backPressuredTimeMsPerSecond",
        { ...OF_TASK, task_attempt_id: "a2" },
        begun(900, 0),
      ),
    ],
  },
];
