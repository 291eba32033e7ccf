import { IConstruct } from "constructs";
import { FlinkMetricOptions } from "../metrics/flink-metric-options";
import { MetricQuery, MetricQueryProps } from "../metrics/metric-query";

/** A Flink session cluster: ours or an existing one. */
export interface IFlinkCluster extends IConstruct {
  /**
   * Name of the cluster.
   * @attribute
   */
  readonly clusterName: string;
  /**
   * Base URLs of the JobManagers' REST API and web UI; each of them answers for the whole cluster.
   * @attribute
   */
  readonly restAddresses: string[];
  /**
   * Members of this security group may call the REST API.
   * @attribute
   */
  readonly clientSecurityGroupId: string;
  /**
   * Name of the IAM role of Flink's processes and so of every job: grant it what your jobs read and write. The
   * machines' own role is another one, which no job can use.
   * @attribute
   */
  readonly jobRoleName: string;
  /**
   * Where checkpoints lie, such as `s3p://bucket/checkpoints/orders`.
   * @attribute
   */
  readonly checkpointsUri: string;
  /**
   * Where savepoints lie, such as `s3p://bucket/savepoints/orders`.
   * @attribute
   */
  readonly savepointsUri: string;
  /**
   * ARN of the node authority, a KMS key or an authority of AWS Private CA: who calls the REST API checks that the JobManager's certificate is
   * signed by it.
   * @attribute
   */
  readonly nodeAuthorityArn: string;
  /**
   * ARN of the client authority, of the same kind: who may `kms:Sign` with it, or have it issue, gives out certificates
   * for the REST API.
   * @attribute
   */
  readonly clientAuthorityArn: string;

  /**
   * Any metric of this cluster: as a `MetricQuery` whose label `cluster` is the name of this one. The name must be known when
   * the program runs.
   *
   * @param props what is asked for; `where` has no `cluster`
   */
  metric(props: MetricQueryProps): MetricQuery;
  /**
   * Jobs that run, as the leader counts them: Flink's `numRunningJobs`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricRunningJobs(options?: FlinkMetricOptions): MetricQuery;
  /**
   * TaskManagers that are registered with the leader: Flink's `numRegisteredTaskManagers`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricTaskManagers(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Slots of all TaskManagers: Flink's `taskSlotsTotal`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricTaskSlots(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Slots that no job uses: Flink's `taskSlotsAvailable`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricFreeTaskSlots(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Nodes that their agents find healthy: `cdktf_flink_node_healthy` of all nodes together. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricHealthyNodes(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How often a job began anew since it was submitted or another JobManager took over: Flink's `numRestarts`. One line for each
   * job.
   *
   * @param options what is changed of it
   */
  metricRestarts(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Since when a job runs without a break, in milliseconds; 0 while it does not run: Flink's `uptime`. One line for each job.
   *
   * @param options what is changed of it
   */
  metricJobUptime(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How long a job has waited to begin anew, in milliseconds; 0 while it runs: Flink's `restartingTime` (its `downtime` stays 0
   * where only tasks begin anew, which is how jobs do). One line for each job.
   *
   * @param options what is changed of it
   */
  metricJobDowntime(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Checkpoints that came about since the job was submitted or another JobManager took over: Flink's
   * `numberOfCompletedCheckpoints`. One line for each job.
   *
   * @param options what is changed of it
   */
  metricCompletedCheckpoints(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Checkpoints that failed since the job was submitted or another JobManager took over: Flink's `numberOfFailedCheckpoints`.
   * One line for each job.
   *
   * @param options what is changed of it
   */
  metricFailedCheckpoints(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How long the last checkpoint took, in milliseconds: Flink's `lastCheckpointDuration`. One line for each job.
   *
   * @param options what is changed of it
   */
  metricCheckpointDuration(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How large the state of the last checkpoint is as a whole, in bytes: Flink's `lastCheckpointFullSize`. One line for each
   * job.
   *
   * @param options what is changed of it
   */
  metricCheckpointSize(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Records each second that all subtasks of a task got from other tasks: Flink's `numRecordsInPerSecond`. One line for each
   * task.
   *
   * @param options what is changed of it
   */
  metricRecordsIn(options?: FlinkMetricOptions): MetricQuery;
  /**
   * Records each second that all subtasks of a task gave to other tasks: Flink's `numRecordsOutPerSecond`. One line for each
   * task.
   *
   * @param options what is changed of it
   */
  metricRecordsOut(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The part of the time, 0 to 1, in which the worst subtask of a task could not give on what it had: Flink's
   * `backPressuredTimeMsPerSecond`. One line for each task.
   *
   * @param options what is changed of it
   */
  metricBackPressure(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The part of the time, 0 to 1, in which the busiest subtask of a task worked: Flink's `busyTimeMsPerSecond`. One line for
   * each task.
   *
   * @param options what is changed of it
   */
  metricBusyTime(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The highest part of a TaskManager's heap that was in use, garbage included, 0 to 1: Flink's `Status.JVM.Memory.Heap.Used`
   * and `.Max`. One line for each node.
   *
   * @param options what is changed of it
   */
  metricHeapUsed(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The highest part of a TaskManager's metaspace that was in use, 0 to 1: Flink's `Status.JVM.Memory.Metaspace.Used` and
   * `.Max`. One line for each node.
   *
   * @param options what is changed of it
   */
  metricMetaspaceUsed(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The part of the time that a TaskManager's garbage collectors take, 0 to 1: Flink's
   * `Status.JVM.GarbageCollector.All.TimeMsPerSecond`. One line for each node.
   *
   * @param options what is changed of it
   */
  metricGarbageCollection(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How much of all processors of a machine is in use, in percent: `usage_active` of Telegraf's `cpu`. One line for each
   * node.
   *
   * @param options what is changed of it
   */
  metricCpuUsed(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How much of a machine's memory programs could still get, at its lowest, in percent: `available_percent` of Telegraf's
   * `mem`. One line for each node.
   *
   * @param options what is changed of it
   */
  metricMemoryAvailable(options?: FlinkMetricOptions): MetricQuery;
  /**
   * How much of the root volume and of the data volume is in use, in percent: `used_percent` of Telegraf's `disk`. One line
   * for each volume of a node.
   *
   * @param options what is changed of it
   */
  metricDiskUsed(options?: FlinkMetricOptions): MetricQuery;
  /**
   * The time that is left to the certificate that ends first, in seconds: the agents'
   * `cdktf_flink_certificate_remaining_seconds`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  metricCertificateRemaining(options?: FlinkMetricOptions): MetricQuery;
}

/** What is known of an existing cluster. */
export interface FlinkClusterAttributes {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Base URLs of the JobManagers' REST API, such as `https://node-1.orders.flink.internal:8081`. */
  readonly restAddresses: string[];
  /** Security group whose members may call the REST API. */
  readonly clientSecurityGroupId: string;
  /** Name of the IAM role of Flink's processes: 1 to 64 letters, digits and `+=,.@_-`, without its path. */
  readonly jobRoleName: string;
  /** Name of the checkpoint bucket. */
  readonly checkpointBucketName: string;
  /** ARN of the node authority: of a KMS key, or of an authority of AWS Private CA. */
  readonly nodeAuthorityArn: string;
  /** ARN of the client authority, of the same kind. */
  readonly clientAuthorityArn: string;
}
