import { requireClusterName } from "../../cluster/cluster-name";
import { Duration } from "../../core/duration";
import { OptionNames, refuse, requireInteger, requireOptionsOf } from "../../core/validation";
import { requireDuration, requireNumber } from "../../settings/ranges";
import { LOOKS, momentSeconds } from "../metric-moment";
import { FlinkAlert } from "./flink-alert";
import type { FlinkMetricAlertsProps } from "./flink-metric-alerts-props";
import { wholeSeconds } from "./metric-alert";

const PROPS: OptionNames<FlinkMetricAlertsProps> = {
  interval: true,
  evaluationInterval: true,
  clusterName: true,
  labels: true,
  runbookUrl: true,
  without: true,
  watchedFor: true,
  jobDownAfter: true,
  jobGoneAfter: true,
  restarts: true,
  restartsWithin: true,
  failedCheckpoints: true,
  failedCheckpointsWithin: true,
  checkpointInterval: true,
  missedCheckpoints: true,
  checkpointTimeout: true,
  slowCheckpointPart: true,
  backPressurePart: true,
  backPressureFor: true,
  heapPart: true,
  heapFor: true,
  metaspacePart: true,
  taskManagerMissingAfter: true,
  noFreeSlotsAfter: true,
  noLeaderAfter: true,
  noQuorumAfter: true,
  nodeUnhealthyAfter: true,
  nodeSilentAfter: true,
  diskPercent: true,
  diskFor: true,
  clockOffAfter: true,
  certificateRemaining: true,
  logsFailingAfter: true,
  lostMetrics: true,
  lostMetricsWithin: true,
  rollStoppedAfter: true,
};
const DAY = Duration.days(1);
const WEEK = Duration.days(7);
/** Shorter than `watchedFor` ever is. */
const LONGEST_SILENCE = Duration.minutes(30);

/** All thresholds, checked and complete; each `…After`, `…For` and `…Within` in seconds. */
export interface FlinkMetricAlertsSettings {
  readonly clusterName?: string;
  readonly without: readonly FlinkAlert[];
  readonly watchedFor: number;
  /** The shortest window that surely holds a value. */
  readonly moment: number;
  /** In which a series that has just begun has its second value. */
  readonly twoLooks: number;
  readonly jobDownAfter: number;
  readonly jobGoneAfter: number;
  readonly restarts: number;
  readonly restartsWithin: number;
  readonly failedCheckpoints: number;
  readonly failedCheckpointsWithin: number;
  readonly checkpointsMissingAfter: number;
  readonly slowCheckpointSeconds: number;
  readonly backPressurePart: number;
  readonly backPressureFor: number;
  readonly heapPart: number;
  readonly heapFor: number;
  readonly metaspacePart: number;
  readonly taskManagerMissingAfter: number;
  readonly noFreeSlotsAfter: number;
  readonly noLeaderAfter: number;
  readonly noQuorumAfter: number;
  readonly nodeUnhealthyAfter: number;
  readonly nodeSilentAfter: number;
  readonly diskPercent: number;
  readonly diskFor: number;
  readonly clockOffAfter: number;
  readonly certificateRemaining: number;
  readonly logsFailingAfter: number;
  readonly lostMetrics: number;
  readonly lostMetricsWithin: number;
  readonly rollStoppedAfter: number;
}

/** Checks every threshold, and fills in the defaults: those of times are longer where values come seldom. */
export function checkFlinkMetricAlertsProps(props: FlinkMetricAlertsProps): FlinkMetricAlertsSettings {
  requireOptionsOf("props of FlinkMetricAlerts", props, PROPS);
  const interval = props.interval ?? Duration.seconds(30);
  requireDuration(named("interval"), interval, Duration.seconds(5), Duration.minutes(5));
  if (props.clusterName != null) requireClusterName(named("clusterName"), props.clusterName);
  const moment = Math.ceil(LOOKS * interval.toSeconds());
  const shortest = Duration.seconds(moment);
  const time = (of: keyof FlinkMetricAlertsProps, minutes: number, longest: Duration, least = shortest): number => {
    const given = props[of] as Duration | undefined;
    return given == null ? Math.max(minutes * 60, moment) : wholeSeconds(named(of), given, least, longest);
  };
  const number = (of: keyof FlinkMetricAlertsProps, otherwise: number, min: number, max: number): number => {
    const value = (props[of] as number | undefined) ?? otherwise;
    requireNumber(named(of), value, min, max);
    return value;
  };
  const count = (of: keyof FlinkMetricAlertsProps, otherwise: number, min: number, max: number): number => {
    const value = (props[of] as number | undefined) ?? otherwise;
    requireInteger(named(of), value, min, max);
    return value;
  };
  const checkpointInterval = props.checkpointInterval ?? Duration.minutes(1);
  requireDuration(named("checkpointInterval"), checkpointInterval, Duration.millis(100), Duration.hours(1));
  const checkpointTimeout = props.checkpointTimeout ?? Duration.minutes(10);
  requireDuration(named("checkpointTimeout"), checkpointTimeout, Duration.millis(100), DAY);
  const missed = count("missedCheckpoints", 10, 2, 100);
  return {
    clusterName: props.clusterName ?? undefined,
    without: withoutOf(props.without ?? []),
    watchedFor: time("watchedFor", 24 * 60, WEEK, Duration.hours(1)),
    moment: momentSeconds(interval.toSeconds()),
    twoLooks: Math.ceil(moment / 2),
    jobDownAfter: time("jobDownAfter", 3, DAY),
    jobGoneAfter: time("jobGoneAfter", 5, LONGEST_SILENCE),
    restarts: count("restarts", 3, 1, 1_000),
    restartsWithin: time("restartsWithin", 15, DAY),
    failedCheckpoints: count("failedCheckpoints", 5, 1, 1_000),
    failedCheckpointsWithin: time("failedCheckpointsWithin", 30, DAY),
    checkpointsMissingAfter: Math.max(Math.ceil(missed * checkpointInterval.toSeconds()), 2 * moment),
    slowCheckpointSeconds: number("slowCheckpointPart", 0.8, 0.01, 1) * checkpointTimeout.toSeconds(),
    backPressurePart: number("backPressurePart", 0.5, 0.01, 0.99),
    backPressureFor: time("backPressureFor", 15, DAY),
    heapPart: number("heapPart", 0.9, 0.5, 0.99),
    heapFor: time("heapFor", 15, DAY),
    metaspacePart: number("metaspacePart", 0.9, 0.5, 0.99),
    taskManagerMissingAfter: time("taskManagerMissingAfter", 5, DAY),
    noFreeSlotsAfter: time("noFreeSlotsAfter", 30, WEEK),
    noLeaderAfter: time("noLeaderAfter", 2, LONGEST_SILENCE),
    noQuorumAfter: time("noQuorumAfter", 2, LONGEST_SILENCE),
    nodeUnhealthyAfter: time("nodeUnhealthyAfter", 10, DAY),
    nodeSilentAfter: time("nodeSilentAfter", 5, LONGEST_SILENCE),
    diskPercent: number("diskPercent", 85, 50, 99),
    diskFor: time("diskFor", 10, DAY),
    clockOffAfter: time("clockOffAfter", 3 * 60, WEEK, Duration.hours(1)),
    certificateRemaining: time("certificateRemaining", 20 * 24 * 60, Duration.days(365), Duration.minutes(1)),
    logsFailingAfter: time("logsFailingAfter", 15, DAY),
    lostMetrics: count("lostMetrics", 1, 1, 1_000_000),
    lostMetricsWithin: time("lostMetricsWithin", 15, DAY),
    rollStoppedAfter: time("rollStoppedAfter", 60, WEEK),
  };
}

function named(prop: keyof FlinkMetricAlertsProps): string {
  return `${prop} of FlinkMetricAlerts`;
}

function withoutOf(without: unknown): readonly FlinkAlert[] {
  const all = Object.values(FlinkAlert);
  const isList = Array.isArray(without) && new Set(without).size === without.length;
  if (isList && without.every((each) => all.includes(each as FlinkAlert))) return without as readonly FlinkAlert[];
  return refuse({
    property: named("without"),
    value: without,
    allowed: "a list of FlinkAlert, each once",
    remedy: "write for example [FlinkAlert.NO_FREE_SLOTS]",
  });
}
