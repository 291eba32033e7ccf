/** The alerts of `FlinkMetricAlerts`, by their names. Each has a page in docs/runbooks. */
export enum FlinkAlert {
  /** A job fails or begins anew, and has not run for some time. */
  JOB_DOWN = "FlinkJobDown",
  /** A job that was there is not there any more: it failed for good, ended, or was cancelled. */
  JOB_GONE = "FlinkJobGone",
  /** A job begins anew again and again. */
  JOB_RESTARTING = "FlinkJobRestarting",
  /** Checkpoints of a job fail. */
  CHECKPOINTS_FAILING = "FlinkCheckpointsFailing",
  /** No checkpoint of a job comes about any more. */
  CHECKPOINTS_MISSING = "FlinkCheckpointsMissing",
  /** The last checkpoint of a job took nearly as long as it may. */
  CHECKPOINTS_SLOW = "FlinkCheckpointsSlow",
  /** A task has been held up for long. */
  BACK_PRESSURE = "FlinkBackPressure",
  /** The heap of a TaskManager stays nearly full. */
  TASK_MANAGER_HEAP = "FlinkTaskManagerHeap",
  /** The heap of a JobManager stays nearly full. */
  JOB_MANAGER_HEAP = "FlinkJobManagerHeap",
  /** The metaspace of a TaskManager is nearly full. */
  TASK_MANAGER_METASPACE = "FlinkTaskManagerMetaspace",
  /** The metaspace of a JobManager is nearly full. */
  JOB_MANAGER_METASPACE = "FlinkJobManagerMetaspace",
  /** The TaskManager of a node is not registered with the leader. */
  TASK_MANAGER_MISSING = "FlinkTaskManagerMissing",
  /** A cluster has had no free slot for long. */
  NO_FREE_SLOTS = "FlinkNoFreeSlots",
  /** No JobManager of a cluster leads. */
  NO_LEADER = "FlinkNoLeader",
  /** ZooKeeper of a cluster has no quorum. */
  NO_QUORUM = "FlinkNoQuorum",
  /** The agent of a node finds it ill. */
  NODE_UNHEALTHY = "FlinkNodeUnhealthy",
  /** Nothing new comes from a node: it is gone, or ships nothing. */
  NODE_SILENT = "FlinkNodeSilent",
  /** A disk of a node is nearly full. */
  DISK_FILLING = "FlinkDiskFilling",
  /** A disk of a node has nearly no inodes left. */
  INODES_FILLING = "FlinkInodesFilling",
  /** Nothing has set the clock of a node right for long. */
  CLOCK_OFF = "FlinkClockOff",
  /** A certificate ends soon and was not renewed. */
  CERTIFICATE_EXPIRING = "FlinkCertificateExpiring",
  /** The logs of a node do not reach what they are shipped to. */
  LOGS_FAILING = "FlinkLogsFailing",
  /** A node has lost metrics. */
  METRICS_LOST = "FlinkMetricsLost",
  /** A node has had a change to make for long, and has not made it. */
  ROLL_STOPPED = "FlinkRollStopped",
}

/** Its page in docs/runbooks. */
export const RUNBOOKS: Readonly<Record<FlinkAlert, string>> = {
  [FlinkAlert.JOB_DOWN]: "job-down",
  [FlinkAlert.JOB_GONE]: "job-gone",
  [FlinkAlert.JOB_RESTARTING]: "job-restarting",
  [FlinkAlert.CHECKPOINTS_FAILING]: "checkpoints-failing",
  [FlinkAlert.CHECKPOINTS_MISSING]: "checkpoints-missing",
  [FlinkAlert.CHECKPOINTS_SLOW]: "checkpoints-slow",
  [FlinkAlert.BACK_PRESSURE]: "back-pressure",
  [FlinkAlert.TASK_MANAGER_HEAP]: "heap",
  [FlinkAlert.JOB_MANAGER_HEAP]: "heap",
  [FlinkAlert.TASK_MANAGER_METASPACE]: "metaspace",
  [FlinkAlert.JOB_MANAGER_METASPACE]: "metaspace",
  [FlinkAlert.TASK_MANAGER_MISSING]: "task-manager-missing",
  [FlinkAlert.NO_FREE_SLOTS]: "no-free-slots",
  [FlinkAlert.NO_LEADER]: "no-leader",
  [FlinkAlert.NO_QUORUM]: "no-quorum",
  [FlinkAlert.NODE_UNHEALTHY]: "node-unhealthy",
  [FlinkAlert.NODE_SILENT]: "node-silent",
  [FlinkAlert.DISK_FILLING]: "disk-filling",
  [FlinkAlert.INODES_FILLING]: "disk-filling",
  [FlinkAlert.CLOCK_OFF]: "clock-off",
  [FlinkAlert.CERTIFICATE_EXPIRING]: "certificate-expiring",
  [FlinkAlert.LOGS_FAILING]: "logs-failing",
  [FlinkAlert.METRICS_LOST]: "metrics-lost",
  [FlinkAlert.ROLL_STOPPED]: "roll-stopped",
};
