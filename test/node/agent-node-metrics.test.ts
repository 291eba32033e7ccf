import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { secondsSinceClockWasSet, type TimesyncdPlaces } from "../../lib/node/agent/metrics/clock";
import { nodeMetrics } from "../../lib/node/agent/metrics/node-metrics";
import { renderPrometheusText } from "../../lib/node/agent/metrics/prometheus-text";
import { readUnitUsage } from "../../lib/node/agent/metrics/unit-usage";
import { zooKeeperMetrics } from "../../lib/node/agent/metrics/zookeeper-metrics";
import type { NodeReport } from "../../lib/node/report";
import { temporaryFolder } from "./support/software";

const NOW = new Date("2026-11-30T03:00:00.000Z");
const USAGE = { units: [], processes: 120, agentMemoryBytes: 70_000_000, clockUnsynchronizedSeconds: 12 };
const REPORT: NodeReport = {
  ...{ schemaVersion: 1, cluster: "orders", node: "orders-node-1", reportedAt: NOW.toISOString(), bootId: "boot" },
  ...{ status: "healthy", reasons: [], software: [] },
  units: [],
};

const lines = (report: Partial<NodeReport> = {}, usage: Parameters<typeof nodeMetrics>[1] = USAGE): string[] =>
  renderPrometheusText(nodeMetrics({ ...REPORT, ...report }, usage, NOW)).split("\n");

test("a report in figures: of what is not known there is nothing", () => {
  expect(lines()).toEqual([
    ...["# TYPE cdktf_flink_node_healthy gauge", "cdktf_flink_node_healthy 1"],
    ...["# TYPE cdktf_flink_node_change_pending gauge", "cdktf_flink_node_change_pending 0"],
    ...["# TYPE cdktf_flink_node_processes gauge", "cdktf_flink_node_processes 120"],
    ...["# TYPE cdktf_flink_clock_unsynchronized_seconds gauge", "cdktf_flink_clock_unsynchronized_seconds 12"],
    ...["# TYPE cdktf_flink_host_firewall_restored_total counter", "cdktf_flink_host_firewall_restored_total 0"],
    ...["# TYPE cdktf_flink_agent_memory_bytes gauge", "cdktf_flink_agent_memory_bytes 70000000"],
    ...[
      "# TYPE cdktf_flink_agent_timestamp_seconds gauge",
      `cdktf_flink_agent_timestamp_seconds ${NOW.getTime() / 1000}`,
    ],
    "",
  ]);
});

test("a unit that does not run is not well, though nobody asked how it is: an alert waits for that", () => {
  const unit = { name: "flink-taskmanager.service", active: false, state: "inactive (dead)", restarts: 0 };
  expect(lines({ units: [unit] })).toContain('cdktf_flink_unit_healthy{unit="flink-taskmanager.service"} 0');
  expect(lines({ units: [{ ...unit, active: true }] }).join("\n")).not.toContain("unit_healthy{");
});

test("certificates, units, a roll and logs, with what they are about as labels", () => {
  const told = lines(
    {
      status: "unhealthy",
      leads: false,
      roll: { phase: "waiting", sha256: "a", since: "2026-11-30T02:59:00.000Z" },
      units: [
        {
          ...{ name: "flink-jobmanager.service", active: true, state: "active (running)", restarts: 2 },
          ...{ since: "2026-11-30T02:00:00.000Z", healthy: false, health: "no leader" },
        },
      ],
      certificates: {
        ...{ nodeAuthority: "", renewalDueAt: "2026-12-01T00:00:00.000Z", renewalProblem: "denied" },
        issued: [
          {
            ...{ process: "jobmanager", subject: "", serialNumber: "" },
            ...{ notBefore: "2026-11-29T03:00:00.000Z", notAfter: "2026-11-30T04:00:00.000Z" },
          },
        ],
      },
      logs: { delivered: 10, lost: 1, rejected: 2, problem: "away" },
    },
    {
      ...USAGE,
      units: [{ unit: "flink-jobmanager.service", memoryBytes: 5, processorSeconds: 1.5, processes: 90 }],
    },
  );
  expect(told).toEqual(
    expect.arrayContaining([
      "cdktf_flink_node_healthy 0",
      "cdktf_flink_node_leads 0",
      'cdktf_flink_roll_age_seconds{phase="waiting"} 60',
      'cdktf_flink_unit_active{unit="flink-jobmanager.service"} 1',
      'cdktf_flink_unit_healthy{unit="flink-jobmanager.service"} 0',
      'cdktf_flink_unit_uptime_seconds{unit="flink-jobmanager.service"} 3600',
      'cdktf_flink_unit_restarts_total{unit="flink-jobmanager.service"} 2',
      'cdktf_flink_unit_memory_bytes{unit="flink-jobmanager.service"} 5',
      'cdktf_flink_unit_cpu_seconds_total{unit="flink-jobmanager.service"} 1.5',
      'cdktf_flink_unit_processes{unit="flink-jobmanager.service"} 90',
      'cdktf_flink_certificate_remaining_seconds{process="jobmanager"} 3600',
      "cdktf_flink_certificate_renewal_failing 1",
      "cdktf_flink_logs_delivered_total 10",
      "cdktf_flink_logs_lost_total 1",
      "cdktf_flink_logs_rejected_total 2",
      "cdktf_flink_logs_failing 1",
    ]),
  );
});

test("a label is what it is, whatever stands in it", () => {
  const samples = [{ labels: { unit: 'a"b\\c\nd' }, value: 1 }];
  expect(renderPrometheusText([{ name: "x", type: "gauge", samples }])).toBe(
    '# TYPE x gauge\nx{unit="a\\"b\\\\c\\nd"} 1\n',
  );
});

describe("what ZooKeeper tells", () => {
  const MNTR = ["zk_version\t3.9.5", "zk_server_state\tleader", "zk_avg_latency\t1.5", "zk_znode_count\t42", ""];
  const values = (answer: string): Record<string, number> =>
    Object.fromEntries(zooKeeperMetrics(answer).map(({ name, samples }) => [name, samples[0].value]));

  test("of its work, in units that the names say", () => {
    expect(values(MNTR.join("\n"))).toEqual({
      cdktf_flink_zookeeper_leads: 1,
      cdktf_flink_zookeeper_average_latency_seconds: 0.0015,
      cdktf_flink_zookeeper_znodes: 42,
    });
    expect(values("zk_server_state\tfollower")).toEqual({ cdktf_flink_zookeeper_leads: 0 });
  });

  test.each(["", "This ZooKeeper instance is not currently serving requests", "zk_avg_latency\tNaN"])(
    "is nothing where it answers %j",
    (answer) => expect(values(answer)).toEqual({}),
  );
});

function timesyncdPlaces(): TimesyncdPlaces {
  const folder = temporaryFolder();
  const [run, keptClock, program] = ["timesync", "clock", "systemd-timesyncd"].map((name) => path.join(folder, name));
  return { folder: run, keptClock, program };
}

function touch(file: string, secondsAgo: number): void {
  fs.writeFileSync(file, "");
  fs.utimesSync(file, NOW, new Date(NOW.getTime() - secondsAgo * 1000));
}

test("a clock is as old as what sets it right last did so; where it never has, as the machine's start", async () => {
  const places = timesyncdPlaces();
  expect(await secondsSinceClockWasSet(NOW, places)).toBeUndefined();
  fs.mkdirSync(places.folder);
  expect(await secondsSinceClockWasSet(NOW, places)).toBeCloseTo(os.uptime(), -1);
  touch(path.join(places.folder, "synchronized"), 90);
  touch(places.keptClock, 30);
  expect(await secondsSinceClockWasSet(NOW, places)).toBe(90);
  expect(lines({}, { ...USAGE, clockUnsynchronizedSeconds: undefined }).join("\n")).not.toContain("clock");
});

test("what units use is the kernel's count; of one that does not run there is none", async () => {
  const folder = temporaryFolder();
  const write = (file: string, content: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content);
  };
  write("flink-jobmanager.service/memory.current", "1048576\n");
  write("flink-jobmanager.service/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
  write("flink-jobmanager.service/pids.current", "77\n");
  expect(await readUnitUsage(["flink-jobmanager.service", "flink-taskmanager.service"], folder)).toEqual([
    { unit: "flink-jobmanager.service", memoryBytes: 1 << 20, processorSeconds: 2.5, processes: 77 },
  ]);
  fs.rmSync(folder, { recursive: true });
});

test("a clock that nothing sets any more is as old as when that was stopped; where another program does, nothing is known", async () => {
  const places = timesyncdPlaces();
  touch(places.keptClock, 7200);
  expect(await secondsSinceClockWasSet(NOW, places)).toBeUndefined();
  touch(places.program, 0);
  expect(await secondsSinceClockWasSet(NOW, places)).toBe(7200);
});
