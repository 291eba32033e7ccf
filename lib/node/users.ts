import type { UserSpec } from "./desired-state";

/** Group that may read Flink's configuration: its two processes, nobody else. */
export const FLINK_GROUP = "flink";

/** One unprivileged user per process: none may write what another reads. */
export const ZOOKEEPER_USER = "flink-zookeeper";
export const JOB_MANAGER_USER = "flink-jobmanager";
export const TASK_MANAGER_USER = "flink-taskmanager";
/** Of the two programs that ship logs, where there are any; its group has the same name. */
export const LOGS_USER = "flink-logs";
/** Of the program that ships metrics, where there is one; its group has the same name. */
export const METRICS_USER = "flink-metrics";

/** The numbers lie in the range of system users, away from what distributions hand out from either end. */
export const USERS: readonly UserSpec[] = [
  { name: ZOOKEEPER_USER, comment: "ZooKeeper of this Flink node", id: 731, groups: [] },
  { name: JOB_MANAGER_USER, comment: "Flink JobManager", id: 732, groups: [FLINK_GROUP] },
  { name: TASK_MANAGER_USER, comment: "Flink TaskManager", id: 733, groups: [FLINK_GROUP] },
];

/** Where logs are shipped. It may read the journal: systemd's own group for that. */
export const LOGS_USERS: readonly UserSpec[] = [
  { name: LOGS_USER, comment: "Log shipping of this Flink node", id: 734, groups: ["systemd-journal"] },
];

/** Where metrics are shipped. */
export const METRICS_USERS: readonly UserSpec[] = [
  { name: METRICS_USER, comment: "Metrics shipping of this Flink node", id: 735, groups: [] },
];
