import type { JudgeFigures } from "../../lab/judge/figures";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import type { UnitCost } from "../logs/shipping-cost";
import { refusedLines } from "../others/record-lines";
import { origin, tableLines, writePage } from "../record";
import type { AwayRecord } from "./away";
import type { Comparison } from "./flink-values";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { RetentionRecord } from "./metrics-store";
import type { MetricsFaultRecord } from "./play-metrics-fault";
import type { SeriesRecord } from "./series-estimate";

/** What the way of a node's metrics into several stores showed. */
export interface MetricsRecord {
  readonly flinkVersion: string;
  /** Titles of the stores, in their order. */
  readonly stores: readonly string[];
  readonly comparisons: readonly OfStore<Comparison>[];
  readonly costs: readonly OfStore<MetricsCost>[];
  readonly series: readonly SeriesRecord[];
  readonly away: readonly AwayRecord[];
  readonly retention: readonly OfStore<RetentionRecord>[];
  readonly faults: readonly MetricsFaultRecord[];
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

export type OfStore<T> = T & { readonly store: string };

/** What the shipping costs a node with some small jobs. */
export interface MetricsCost extends UnitCost {
  readonly jobs: number;
  readonly seconds: number;
  /** Metrics that were written meanwhile; each is a group of values. */
  readonly metricsPerSecond: number;
}

/** Writes the page; gives its path. */
export function writeMetricsRecord(record: MetricsRecord): string {
  return writePage("metrics.md", metricsRecordLines(record, origin("test/lab/long/metrics.test.ts")));
}

export function metricsRecordLines(record: MetricsRecord, from: readonly string[]): readonly string[] {
  const { flinkVersion, stores, comparisons, costs, series, away, retention, faults, attempts, judge } = record;
  return [
    "# Metrics on their way into several stores",
    "",
    ...from,
    "",
    `Flink ${flinkVersion} on one node, and on a machine that others keep, one after the other by a changed stack: ${stores.join(", ")}.`,
    "Each speaks TLS by an authority that only `certificateAuthorities` names, and asks for a password that AWS Secrets Manager",
    `holds. The node looked at all values each ${METRICS_INTERVAL_SECONDS} seconds. No process of Flink ended when another destination was applied.`,
    "",
    "What each store had of a moment, read back by query, and what Flink's own REST API said before and after it; of the memory of a",
    "heap the API's answer is its bound.",
    "",
    ...table(
      ["store", "metric", "REST API before", "in the store", "REST API after"],
      comparisons.map((one) => [one.store, `\`${one.name}\``, one.before, one.stored, one.after]),
    ),
    "What Telegraf took of the node with small jobs that never end, each with a checkpoint every 5 seconds. MB are 1,000,000 bytes;",
    "anonymous memory is the unit's alone.",
    "",
    ...table(
      ["store", "jobs", "seconds", "metrics a second", "% of one core", "MB anonymous", "MB resident"],
      costs.map((one) => [
        ...[one.store, one.jobs, one.seconds, one.metricsPerSecond],
        ...[one.corePercent.toFixed(1), one.anonymous, one.resident],
      ]),
    ),
    "![The overview of these values](metric-overview.png)",
    "",
    "What the panels of the overview show of the last store's values, drawn by the tests and not by Grafana.",
    "",
    "How many series of Flink there were in Prometheus, and how many docs/metrics.md says:",
    "",
    ...table(
      ["of", "measured", "estimated"],
      series.map(({ what, measured, estimated }) => [what, measured, estimated]),
    ),
    "Stores that were away. A moment is one look of the node at all values; missing are those of which one value never came:",
    "",
    ...table(
      ["store", "seconds away", "moments", "moments missing", "metrics that the node counted as lost"],
      away.map((one) => [one.store, one.awaySeconds, one.moments, one.missing, one.lost]),
    ),
    "What stores took away by themselves:",
    "",
    ...table(
      ["store", "what", "old before", "old after", "young kept"],
      retention.map((one) => [one.store, one.what, one.oldBefore, one.oldAfter, one.youngKept]),
    ),
    "What went wrong between the node and its destination, one after the other. Nobody touched what ships metrics on the node,",
    "which was healthy all the time. No process of Flink ended, no job began anew, and each completed checkpoints meanwhile. Seconds",
    "are from the beginning of the act until the node told of it, and from the beginning of the act that mended it until the node told",
    "of nothing and all values were there that are kept; both with what the acts themselves take.",
    "",
    ...table(
      [
        "store",
        "fault",
        "what `status` says behind `metrics:`",
        "seconds to tell",
        "seconds to recover",
        "values of meanwhile",
      ],
      faults.map((one) => [one.store, one.what, one.said, one.secondsToTell, one.secondsToRecover, one.values]),
    ),
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return [...tableLines(head, rows), ""];
}
