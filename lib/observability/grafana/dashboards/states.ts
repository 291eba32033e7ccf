import { OverTime } from "../../../metrics/metric-reduction";
import { values } from "../../../metrics/values";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { StatPanel } from "../stat-panel";

const MINUTES = 60_000;

/** Of the time since a job's last start, in milliseconds. */
export const RUNS = MetricThresholds.below({ warning: 10 * MINUTES, critical: 1 });

/** What the agent tells of itself stands still where the agent is away, and is not there where the node or Telegraf is. */
export function newReportsOfAgents(): StatPanel {
  return new StatPanel({
    title: "New reports of agents",
    description:
      "By how much the last report of each node's agent became newer in the last four looks, of 2 minutes at least. " +
      "With 0 all else that it told is old.",
    runbook:
      "0 on one node: its agent is away. No data: the node or Telegraf is. npx cdktf-flink status tells. On all: the destination does not take values.",
    queries: [values("cdktf_flink_agent", "timestamp_seconds", "{{node}}", { overTime: OverTime.GROWTH })],
    unit: MetricUnit.SECONDS,
    thresholds: MetricThresholds.below({ warning: 2, critical: 1 }),
  });
}
