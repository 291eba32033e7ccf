import { FlinkMetricOptions } from "./flink-metric-options";
import { FlinkMetric, flinkMetric } from "./flink-metrics";
import { MetricQuery } from "./metric-query";

/**
 * What a person most wants to know of Flink clusters, of all whose metrics are in the store. `FlinkCluster` has the same for
 * itself alone, such as `flink.metricRunningJobs()`. Lines of jobs and tasks are named `<job> (<cluster>)`, as jobs of several
 * clusters may have one name: a legend of your own without `{{cluster}}` makes them one line.
 *
 * @see https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/ops/metrics/#system-metrics
 */
export class FlinkMetricQuery {
  /**
   * Jobs that run, as the leader counts them: Flink's `numRunningJobs`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static runningJobs(options?: FlinkMetricOptions): MetricQuery {
    return query("runningJobs", options);
  }

  /**
   * TaskManagers that are registered with the leader: Flink's `numRegisteredTaskManagers`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static taskManagers(options?: FlinkMetricOptions): MetricQuery {
    return query("taskManagers", options);
  }

  /**
   * Slots of all TaskManagers: Flink's `taskSlotsTotal`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static taskSlots(options?: FlinkMetricOptions): MetricQuery {
    return query("taskSlots", options);
  }

  /**
   * Slots that no job uses: Flink's `taskSlotsAvailable`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static freeTaskSlots(options?: FlinkMetricOptions): MetricQuery {
    return query("freeTaskSlots", options);
  }

  /**
   * Nodes that their agents find healthy: `cdktf_flink_node_healthy` of all nodes together. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static healthyNodes(options?: FlinkMetricOptions): MetricQuery {
    return query("healthyNodes", options);
  }

  /**
   * How often a job began anew since it was submitted or another JobManager took over: Flink's `numRestarts`. One line for each
   * job.
   *
   * @param options what is changed of it
   */
  public static restarts(options?: FlinkMetricOptions): MetricQuery {
    return query("restarts", options);
  }

  /**
   * Since when a job runs without a break, in milliseconds; 0 while it does not run: Flink's `uptime`. One line for each job.
   *
   * @param options what is changed of it
   */
  public static jobUptime(options?: FlinkMetricOptions): MetricQuery {
    return query("jobUptime", options);
  }

  /**
   * How long a job has waited to begin anew, in milliseconds; 0 while it runs: Flink's `restartingTime` (its `downtime` stays 0
   * where only tasks begin anew, which is how jobs do). One line for each job.
   *
   * @param options what is changed of it
   */
  public static jobDowntime(options?: FlinkMetricOptions): MetricQuery {
    return query("jobDowntime", options);
  }

  /**
   * Checkpoints that came about since the job was submitted or another JobManager took over: Flink's
   * `numberOfCompletedCheckpoints`. One line for each job.
   *
   * @param options what is changed of it
   */
  public static completedCheckpoints(options?: FlinkMetricOptions): MetricQuery {
    return query("completedCheckpoints", options);
  }

  /**
   * Checkpoints that failed since the job was submitted or another JobManager took over: Flink's `numberOfFailedCheckpoints`.
   * One line for each job.
   *
   * @param options what is changed of it
   */
  public static failedCheckpoints(options?: FlinkMetricOptions): MetricQuery {
    return query("failedCheckpoints", options);
  }

  /**
   * How long the last checkpoint took, in milliseconds: Flink's `lastCheckpointDuration`. One line for each job.
   *
   * @param options what is changed of it
   */
  public static checkpointDuration(options?: FlinkMetricOptions): MetricQuery {
    return query("checkpointDuration", options);
  }

  /**
   * How large the state of the last checkpoint is as a whole, in bytes: Flink's `lastCheckpointFullSize`. One line for each
   * job.
   *
   * @param options what is changed of it
   */
  public static checkpointSize(options?: FlinkMetricOptions): MetricQuery {
    return query("checkpointSize", options);
  }

  /**
   * Records each second that all subtasks of a task got from other tasks: Flink's `numRecordsInPerSecond`. One line for each
   * task.
   *
   * @param options what is changed of it
   */
  public static recordsIn(options?: FlinkMetricOptions): MetricQuery {
    return query("recordsIn", options);
  }

  /**
   * Records each second that all subtasks of a task gave to other tasks: Flink's `numRecordsOutPerSecond`. One line for each
   * task.
   *
   * @param options what is changed of it
   */
  public static recordsOut(options?: FlinkMetricOptions): MetricQuery {
    return query("recordsOut", options);
  }

  /**
   * The part of the time, 0 to 1, in which the worst subtask of a task could not give on what it had: Flink's
   * `backPressuredTimeMsPerSecond`. One line for each task.
   *
   * @param options what is changed of it
   */
  public static backPressure(options?: FlinkMetricOptions): MetricQuery {
    return query("backPressure", options);
  }

  /**
   * The part of the time, 0 to 1, in which the busiest subtask of a task worked: Flink's `busyTimeMsPerSecond`. One line for
   * each task.
   *
   * @param options what is changed of it
   */
  public static busyTime(options?: FlinkMetricOptions): MetricQuery {
    return query("busyTime", options);
  }

  /**
   * The highest part of a TaskManager's heap that was in use, garbage included, 0 to 1: Flink's `Status.JVM.Memory.Heap.Used`
   * and `.Max`. One line for each node.
   *
   * @param options what is changed of it
   */
  public static heapUsed(options?: FlinkMetricOptions): MetricQuery {
    return query("heapUsed", options);
  }

  /**
   * The highest part of a TaskManager's metaspace that was in use, 0 to 1: Flink's `Status.JVM.Memory.Metaspace.Used` and
   * `.Max`. One line for each node.
   *
   * @param options what is changed of it
   */
  public static metaspaceUsed(options?: FlinkMetricOptions): MetricQuery {
    return query("metaspaceUsed", options);
  }

  /**
   * The part of the time that a TaskManager's garbage collectors take, 0 to 1: Flink's
   * `Status.JVM.GarbageCollector.All.TimeMsPerSecond`. One line for each node.
   *
   * @param options what is changed of it
   */
  public static garbageCollection(options?: FlinkMetricOptions): MetricQuery {
    return query("garbageCollection", options);
  }

  /**
   * How much of all processors of a machine is in use, in percent: `usage_active` of Telegraf's `cpu`. One line for each
   * node.
   *
   * @param options what is changed of it
   */
  public static cpuUsed(options?: FlinkMetricOptions): MetricQuery {
    return query("cpuUsed", options);
  }

  /**
   * How much of a machine's memory programs could still get, at its lowest, in percent: `available_percent` of Telegraf's
   * `mem`. One line for each node.
   *
   * @param options what is changed of it
   */
  public static memoryAvailable(options?: FlinkMetricOptions): MetricQuery {
    return query("memoryAvailable", options);
  }

  /**
   * How much of the root volume and of the data volume is in use, in percent: `used_percent` of Telegraf's `disk`. One line
   * for each volume of a node.
   *
   * @param options what is changed of it
   */
  public static diskUsed(options?: FlinkMetricOptions): MetricQuery {
    return query("diskUsed", options);
  }

  /**
   * The time that is left to the certificate that ends first, in seconds: the agents'
   * `cdktf_flink_certificate_remaining_seconds`. One line for each cluster.
   *
   * @param options what is changed of it
   */
  public static certificateRemaining(options?: FlinkMetricOptions): MetricQuery {
    return query("certificateRemaining", options);
  }

  private constructor() {}
}

function query(name: FlinkMetric, options?: FlinkMetricOptions): MetricQuery {
  return flinkMetric(name, `options of FlinkMetricQuery.${name}`, options);
}
