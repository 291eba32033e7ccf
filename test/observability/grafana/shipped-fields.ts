import { nodeMetrics } from "../../../lib/node/agent/metrics/node-metrics";
import { zooKeeperMetrics } from "../../../lib/node/agent/metrics/zookeeper-metrics";
import type { NodeReport } from "../../../lib/node/report";
import { FLINK_NAMES, TELEGRAF_FIELDS } from "./recorded-names";

/** Longer ones first, as in names.star. */
const SCOPES = [
  ...["flink_taskmanager_job_task_operator", "flink_taskmanager_job_task", "flink_taskmanager_job"],
  ...["flink_taskmanager", "flink_jobmanager_job_operator", "flink_jobmanager_job", "flink_jobmanager"],
];
const NOW = "2026-11-30T03:00:00.000Z";
const LATER = "2026-12-30T03:00:00.000Z";
const UNIT = "flink-taskmanager.service";
const REPORT: NodeReport = {
  ...{ schemaVersion: 1, cluster: "orders", node: "orders-node-1", reportedAt: NOW, bootId: "boot", leads: true },
  ...{ status: "healthy", reasons: [], software: [], roll: { phase: "waiting", sha256: "a", since: NOW } },
  units: [{ name: UNIT, active: true, state: "active (running)", restarts: 2, since: NOW, healthy: true }],
  certificates: {
    ...{ nodeAuthority: "", renewalDueAt: LATER },
    issued: [{ process: "jobmanager", subject: "", serialNumber: "", notBefore: NOW, notAfter: LATER }],
  },
  logs: { delivered: 10, lost: 1, rejected: 2 },
};
const USAGE = {
  ...{ processes: 120, agentMemoryBytes: 70_000_000, clockUnsynchronizedSeconds: 12 },
  units: [{ unit: UNIT, memoryBytes: 5, processorSeconds: 1.5, processes: 90 }],
};
/** The values of an answer to `mntr` of ZooKeeper 3.9.5. */
const MNTR = [
  ...["zk_server_state\tleader", "zk_avg_latency\t0.5", "zk_max_latency\t38", "zk_num_alive_connections\t7"],
  ...["zk_outstanding_requests\t0", "zk_znode_count\t42", "zk_watch_count\t12", "zk_approximate_data_size\t4096"],
  ...["zk_open_file_descriptor_count\t110", "zk_packets_received\t1000", "zk_packets_sent\t1001"],
  ...["zk_synced_followers\t2"],
].join("\n");

/** Values of each measurement, as a node ships them. */
export function shippedFields(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>(Object.entries(TELEGRAF_FIELDS));
  const agents = [...nodeMetrics(REPORT, USAGE, new Date(NOW)), ...zooKeeperMetrics(MNTR)]
    .filter(({ samples }) => samples.length > 0)
    .map(({ name }) => name);
  for (const [measurement, field] of [...FLINK_NAMES.map(placeOfFlink), ...agents.map(placeOfAgent)]) {
    found.set(measurement, [...(found.get(measurement) ?? []), field]);
  }
  return found;
}

function placeOfFlink(name: string): readonly [string, string] {
  const scope = SCOPES.find((each) => name.startsWith(`${each}_`))!;
  return [scope, name.slice(scope.length + 1)];
}

function placeOfAgent(name: string): readonly [string, string] {
  const words = name.split("_");
  return [words.slice(0, 3).join("_"), words.slice(3).join("_")];
}
