import * as fs from "fs/promises";
import type { NodeSpec } from "../../desired-state";
import { AGENT_UNIT, METRICS_OF_AGENT_FILE } from "../../paths";
import { PORTS } from "../../ports";
import type { NodeReport } from "../../report";
import { Owner, writeFileAtomically } from "../files";
import { askZooKeeper } from "../health";
import { secondsSinceClockWasSet } from "./clock";
import { nodeMetrics } from "./node-metrics";
import { MetricFamily, renderPrometheusText } from "./prometheus-text";
import { readUnitUsage } from "./unit-usage";
import { zooKeeperMetrics } from "./zookeeper-metrics";

/** Writes what the agent knows in figures to where Telegraf reads it. */
export async function writeMetricsOfNode(
  node: Pick<NodeSpec, "host" | "units" | "zooKeeperId">,
  report: NodeReport,
  owner: Owner,
  now: Date = new Date(),
  file: string = METRICS_OF_AGENT_FILE,
): Promise<void> {
  const usage = {
    units: await readUnitUsage([...node.units, AGENT_UNIT]),
    processes: (await fs.readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).length,
    agentMemoryBytes: process.memoryUsage.rss(),
    clockUnsynchronizedSeconds: await secondsSinceClockWasSet(now),
  };
  const families = [...nodeMetrics(report, usage, now), ...(await metricsOfZooKeeper(node))];
  await writeFileAtomically(file, renderPrometheusText(families), 0o640, owner);
}

/** A server that does not answer is seen in its unit's health. */
async function metricsOfZooKeeper({
  host,
  zooKeeperId,
}: Pick<NodeSpec, "host" | "zooKeeperId">): Promise<readonly MetricFamily[]> {
  if (zooKeeperId === undefined) return [];
  const answer = await askZooKeeper(host, PORTS.zooKeeperClient.port, "mntr").catch(() => "");
  return zooKeeperMetrics(answer);
}
