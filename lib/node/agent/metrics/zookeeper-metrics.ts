import type { MetricFamily } from "./prometheus-text";

const MILLISECONDS = 1e3;

/** What `mntr` tells, by its name there: what it is called here, and what it is divided by. */
const VALUES: Readonly<Record<string, readonly [name: string, type: MetricFamily["type"], divisor?: number]>> = {
  zk_avg_latency: ["average_latency_seconds", "gauge", MILLISECONDS],
  zk_max_latency: ["largest_latency_seconds", "gauge", MILLISECONDS],
  zk_num_alive_connections: ["connections", "gauge"],
  zk_outstanding_requests: ["outstanding_requests", "gauge"],
  zk_znode_count: ["znodes", "gauge"],
  zk_watch_count: ["watches", "gauge"],
  zk_approximate_data_size: ["data_bytes", "gauge"],
  zk_open_file_descriptor_count: ["open_files", "gauge"],
  zk_packets_received: ["received_packets_total", "counter"],
  zk_packets_sent: ["sent_packets_total", "counter"],
  zk_synced_followers: ["synced_followers", "gauge"],
};

/** What a server answers to `mntr`; of what it does not tell there is nothing. */
export function zooKeeperMetrics(answer: string): readonly MetricFamily[] {
  const told = new Map(answer.split("\n").map((line) => line.split("\t", 2) as [string, string]));
  const state = told.get("zk_server_state");
  const leads: MetricFamily[] = state === undefined ? [] : [family("leads", "gauge", state === "follower" ? 0 : 1)];
  return [
    ...leads,
    ...Object.entries(VALUES).flatMap(([key, [name, type, divisor = 1]]) => {
      const value = Number(told.get(key) ?? NaN);
      return Number.isFinite(value) ? [family(name, type, value / divisor)] : [];
    }),
  ];
}

function family(name: string, type: MetricFamily["type"], value: number): MetricFamily {
  return { name: `cdktf_flink_zookeeper_${name}`, type, samples: [{ labels: {}, value }] };
}
