import { Duration } from "../../core/duration";
import { FlinkAlert } from "./flink-alert";

/** What `FlinkMetricAlerts` can be told. Each duration is of whole seconds, and at least four times `interval`. */
export interface FlinkMetricAlertsProps {
  /**
   * The `interval` of the `MetricsIntegration`: 5 seconds to 5 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
  /**
   * How often rules are looked at: 10 seconds to 10 minutes, in whole tens of seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly evaluationInterval?: Duration;
  /**
   * The one cluster that they are about, by its `clusterName`: so clusters can have rules of different thresholds.
   *
   * @default - all whose metrics are in the store
   */
  readonly clusterName?: string;
  /**
   * Labels of all alerts beside `severity` and those of the metrics, such as `{ team: "orders" }`: at most 20, none of them one of the
   * metrics' own, such as `cluster`.
   *
   * @default - none
   */
  readonly labels?: { [name: string]: string };
  /**
   * Where the pages of docs/runbooks are read, such as `https://wiki.example.com/flink/runbooks`: at most 200 letters, digits
   * and `-._~/`. Alerts then have the link `runbook_url`, with `.md`.
   *
   * @default - alerts name the page in this package
   */
  readonly runbookUrl?: string;
  /**
   * Alerts that are left out, each once.
   *
   * @default - none
   */
  readonly without?: FlinkAlert[];
  /**
   * What is not there any more is told of for so long after it was there: jobs, nodes, and a leader. 1 hour to 7 days; longer than
   * each of the durations below that is about such.
   *
   * @default Duration.days(1)
   */
  readonly watchedFor?: Duration;
  /**
   * How long a job must not have run (`JOB_DOWN`), to 1 day.
   *
   * @default Duration.minutes(3)
   */
  readonly jobDownAfter?: Duration;
  /**
   * How long nothing must have come of a job (`JOB_GONE`), to 30 minutes: long enough for one to be stopped and submitted anew by the same
   * name.
   *
   * @default Duration.minutes(5)
   */
  readonly jobGoneAfter?: Duration;
  /**
   * How many times a job may begin anew within `restartsWithin` before it is told of (`JOB_RESTARTING`): 1 to 1000.
   *
   * @default 3
   */
  readonly restarts?: number;
  /**
   * Over which time restarts are counted, to 1 day.
   *
   * @default Duration.minutes(15)
   */
  readonly restartsWithin?: Duration;
  /**
   * How many checkpoints of a job have to fail within `failedCheckpointsWithin` (`CHECKPOINTS_FAILING`): 1 to 1000. Each start of a
   * job may cost the first one to three, as not all of its tasks run yet.
   *
   * @default 5
   */
  readonly failedCheckpoints?: number;
  /**
   * Over which time failed checkpoints are counted, to 1 day.
   *
   * @default Duration.minutes(30)
   */
  readonly failedCheckpointsWithin?: Duration;
  /**
   * The `checkpointInterval` of the cluster: 100 ms to 1 hour.
   *
   * @default - 1 minute, as that of `FlinkCluster`
   */
  readonly checkpointInterval?: Duration;
  /**
   * For how many intervals no checkpoint must have come about (`CHECKPOINTS_MISSING`): 2 to 100. It is never less than eight times
   * `interval`.
   *
   * @default 10
   */
  readonly missedCheckpoints?: number;
  /**
   * The `checkpointTimeout` of the cluster: 100 ms to 1 day.
   *
   * @default - 10 minutes, as that of `FlinkCluster`
   */
  readonly checkpointTimeout?: Duration;
  /**
   * The part of `checkpointTimeout` that the last checkpoint has to have taken (`CHECKPOINTS_SLOW`): 0.01 to 1.
   *
   * @default 0.8
   */
  readonly slowCheckpointPart?: number;
  /**
   * The part of each second in which a task, by its worst subtask, has to be held up in the mean for `backPressureFor`
   * (`BACK_PRESSURE`): 0.01 to 0.99.
   *
   * @default 0.5
   */
  readonly backPressurePart?: number;
  /**
   * For how long, to 1 day: the mean is that of half of it, and has to be so for the other half.
   *
   * @default Duration.minutes(15)
   */
  readonly backPressureFor?: Duration;
  /**
   * The part of its heap below which a process must not have come within `heapFor` (`TASK_MANAGER_HEAP`, `JOB_MANAGER_HEAP`): 0.5 to
   * 0.99. Garbage counts, so that only what no collection frees for so long is told of.
   *
   * @default 0.9
   */
  readonly heapPart?: number;
  /**
   * Over which time the least is taken, to 1 day.
   *
   * @default Duration.minutes(15)
   */
  readonly heapFor?: Duration;
  /**
   * The part of its metaspace that a process has to take (`TASK_MANAGER_METASPACE`, `JOB_MANAGER_METASPACE`): 0.5 to 0.99.
   *
   * @default 0.9
   */
  readonly metaspacePart?: number;
  /**
   * How long a node's TaskManager must not be registered (`TASK_MANAGER_MISSING`), to 1 day: longer than its start takes.
   *
   * @default Duration.minutes(5)
   */
  readonly taskManagerMissingAfter?: Duration;
  /**
   * How long a cluster must have had no free slot (`NO_FREE_SLOTS`), to 7 days. Leave the alert out where jobs are meant to fill all
   * slots.
   *
   * @default Duration.minutes(30)
   */
  readonly noFreeSlotsAfter?: Duration;
  /**
   * How long no JobManager must have led (`NO_LEADER`), to 30 minutes: longer than another one takes to take over.
   *
   * @default Duration.minutes(2)
   */
  readonly noLeaderAfter?: Duration;
  /**
   * How long ZooKeeper must have had no leader of its own (`NO_QUORUM`), to 30 minutes.
   *
   * @default Duration.minutes(2)
   */
  readonly noQuorumAfter?: Duration;
  /**
   * How long a node must have been ill (`NODE_UNHEALTHY`), to 1 day: longer than its turn in a rolling change takes.
   *
   * @default Duration.minutes(10)
   */
  readonly nodeUnhealthyAfter?: Duration;
  /**
   * How long nothing new must have come of a node (`NODE_SILENT`), to 30 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly nodeSilentAfter?: Duration;
  /**
   * How full a disk has to be, in percent of its space (`DISK_FILLING`) or of its inodes (`INODES_FILLING`): 50 to 99.
   *
   * @default 85
   */
  readonly diskPercent?: number;
  /**
   * For how long a disk has to be so full all the time, to 1 day: what is written and deleted again is no trouble.
   *
   * @default Duration.minutes(10)
   */
  readonly diskFor?: Duration;
  /**
   * How long nothing must have set the clock of a node right (`CLOCK_OFF`): 1 hour to 7 days. It is done each half an hour at
   * least.
   *
   * @default Duration.hours(3)
   */
  readonly clockOffAfter?: Duration;
  /**
   * How much is left to a certificate at most (`CERTIFICATE_EXPIRING`): 1 minute to 365 days. Less than a third of `certificateValidity` of
   * the cluster: they are renewed when that is left.
   *
   * @default - 20 days, which is for the default of 90 days
   */
  readonly certificateRemaining?: Duration;
  /**
   * How long logs must not have reached what they are shipped to (`LOGS_FAILING`), to 1 day.
   *
   * @default Duration.minutes(15)
   */
  readonly logsFailingAfter?: Duration;
  /**
   * How many metrics a node has to have lost within `lostMetricsWithin` (`METRICS_LOST`): 1 to 1000000.
   *
   * @default 1
   */
  readonly lostMetrics?: number;
  /**
   * Over which time lost metrics are counted, to 1 day.
   *
   * @default Duration.minutes(15)
   */
  readonly lostMetricsWithin?: Duration;
  /**
   * How long a node must have had a change that it has not made (`ROLL_STOPPED`), to 7 days: longer than a rolling change of all
   * nodes takes.
   *
   * @default Duration.hours(1)
   */
  readonly rollStoppedAfter?: Duration;
}
