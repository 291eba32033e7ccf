import { requireMap, requireOptionsOf } from "../core/validation";
import { FLINK_METRIC_OPTIONS, FlinkMetricOptions } from "./flink-metric-options";
import { MetricQuery, MetricQueryProps } from "./metric-query";
import { AcrossSeries, OverTime } from "./metric-reduction";
import { LOWEST, OF_A_SECOND, OF_CLUSTER, TOTAL } from "./values";

const HIGHEST = { overTime: OverTime.MAX, across: AcrossSeries.MAX };
const LATEST = { overTime: OverTime.LAST, across: AcrossSeries.MAX };
/** A short stop of one subtask is no trouble: the mean within each step, of the worst subtask. */
const WORST_SUBTASK = { overTime: OverTime.MEAN, across: AcrossSeries.MAX };
/**
 * Jobs of several clusters may have one name; of one cluster alone, its own name says nothing. At the end: where there is no room
 * for the whole, the job is still read.
 */
const OF_ITS_CLUSTER = " ({{cluster}})";

/** Of what the leader alone tells. */
const ofCluster = (field: string): MetricQueryProps => ({
  ...{ measurement: "flink_jobmanager", field, legend: "{{cluster}}" },
  ...HIGHEST,
  ...OF_CLUSTER,
});
const ofJob = (field: string): MetricQueryProps => ({
  ...{ measurement: "flink_jobmanager_job", field, legend: `{{job_name}}${OF_ITS_CLUSTER}` },
  ...HIGHEST,
});
const ofTask = (field: string, more: Partial<MetricQueryProps> = {}): MetricQueryProps => ({
  ...{ measurement: "flink_taskmanager_job_task", field, legend: `{{job_name}}: {{task_name}}${OF_ITS_CLUSTER}` },
  ...TOTAL,
  ...more,
});
const ofTaskManager = (field: string, more: Partial<MetricQueryProps>): MetricQueryProps => ({
  ...{ measurement: "flink_taskmanager", field, legend: "{{node}}" },
  ...HIGHEST,
  ...more,
});
const ofNode = (measurement: string, field: string, more: Partial<MetricQueryProps>): MetricQueryProps => ({
  ...{ measurement, field, legend: "{{node}}" },
  ...HIGHEST,
  ...more,
});

/** What a person most wants to know of clusters, by the name of its method: see there for what each is. */
const METRICS = {
  runningJobs: ofCluster("numRunningJobs"),
  taskManagers: ofCluster("numRegisteredTaskManagers"),
  taskSlots: ofCluster("taskSlotsTotal"),
  freeTaskSlots: ofCluster("taskSlotsAvailable"),
  healthyNodes: ofNode("cdktf_flink_node", "healthy", {
    ...{ legend: "{{cluster}}", overTime: OverTime.MIN, across: AcrossSeries.SUM },
    ...OF_CLUSTER,
  }),
  restarts: ofJob("numRestarts"),
  jobUptime: { ...ofJob("uptime"), ...LATEST },
  jobDowntime: { ...ofJob("restartingTime"), ...LATEST },
  completedCheckpoints: ofJob("numberOfCompletedCheckpoints"),
  failedCheckpoints: ofJob("numberOfFailedCheckpoints"),
  checkpointDuration: ofJob("lastCheckpointDuration"),
  checkpointSize: ofJob("lastCheckpointFullSize"),
  recordsIn: ofTask("numRecordsInPerSecond"),
  recordsOut: ofTask("numRecordsOutPerSecond"),
  backPressure: ofTask("backPressuredTimeMsPerSecond", { ...WORST_SUBTASK, scale: OF_A_SECOND }),
  busyTime: ofTask("busyTimeMsPerSecond", { ...WORST_SUBTASK, scale: OF_A_SECOND }),
  heapUsed: ofTaskManager("Status_JVM_Memory_Heap_Used", { dividedBy: "Status_JVM_Memory_Heap_Max" }),
  metaspaceUsed: ofTaskManager("Status_JVM_Memory_Metaspace_Used", { dividedBy: "Status_JVM_Memory_Metaspace_Max" }),
  garbageCollection: ofTaskManager("Status_JVM_GarbageCollector_All_TimeMsPerSecond", { scale: OF_A_SECOND }),
  cpuUsed: ofNode("cpu", "usage_active", { overTime: OverTime.MEAN }),
  memoryAvailable: ofNode("mem", "available_percent", LOWEST),
  diskUsed: ofNode("disk", "used_percent", { legend: "{{node}}: {{path}}" }),
  certificateRemaining: ofNode("cdktf_flink_certificate", "remaining_seconds", { ...LOWEST, legend: "{{cluster}}" }),
} satisfies Readonly<Record<string, MetricQueryProps>>;

/** Name of what a person most wants to know. */
export type FlinkMetric = keyof typeof METRICS;

/**
 * A query that this library brings.
 *
 * @param property as what a refusal calls the options
 * @param where labels that have one value whatever the options say
 */
export function flinkMetric(
  name: FlinkMetric,
  property: string,
  options: FlinkMetricOptions | null | undefined,
  where: Readonly<Record<string, string>> = {},
): MetricQuery {
  const given = options ?? {};
  requireOptionsOf(property, given, FLINK_METRIC_OPTIONS);
  if (given.where != null) requireMap("where of MetricQuery", given.where);
  // `null` says what leaving it out says.
  const changed: Partial<MetricQueryProps> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value != null),
  );
  const { legend } = METRICS[name];
  const named = "cluster" in where ? legend.replace(OF_ITS_CLUSTER, "") : legend;
  return new MetricQuery({ ...METRICS[name], legend: named, ...changed, where: { ...given.where, ...where } });
}
