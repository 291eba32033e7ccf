import type { NodeReport } from "../../report";
import type { MetricFamily, MetricSample } from "./prometheus-text";
import type { UnitUsage } from "./unit-usage";

/** What the agent sees beside what it reports. */
export interface NodeUsage {
  readonly units: readonly UnitUsage[];
  /** Processes of the machine. */
  readonly processes: number;
  /** Of the agent's own process. */
  readonly agentMemoryBytes: number;
  /** For how long nothing has set the machine's clock right; absent where that is not known. */
  readonly clockUnsynchronizedSeconds?: number;
}

/** What a report says in figures, and what is used; of what is not known there is nothing. */
export function nodeMetrics(report: NodeReport, usage: NodeUsage, now: Date): readonly MetricFamily[] {
  const { status, leads, pending, roll, units, certificates, hostFirewall, logs } = report;
  const since = (moment: string): number => Math.max(0, (now.getTime() - Date.parse(moment)) / 1000);
  return [
    gauge("node_healthy", one(Number(status === "healthy"))),
    gauge("node_leads", leads === undefined ? [] : one(Number(leads))),
    gauge("node_change_pending", one(Number(pending !== undefined))),
    gauge("node_processes", one(usage.processes)),
    gauge(
      "clock_unsynchronized_seconds",
      usage.clockUnsynchronizedSeconds === undefined ? [] : one(usage.clockUnsynchronizedSeconds),
    ),
    gauge("roll_age_seconds", roll ? [{ labels: { phase: roll.phase }, value: since(roll.since) }] : []),
    gauge(
      "unit_active",
      units.map(({ name, active }) => ({ labels: { unit: name }, value: Number(active) })),
    ),
    gauge(
      "unit_healthy",
      // What does not run is not asked how it is: it is not well.
      units.flatMap(({ name, active, healthy = active ? undefined : false }) =>
        healthy === undefined ? [] : [{ labels: { unit: name }, value: Number(healthy) }],
      ),
    ),
    gauge(
      "unit_uptime_seconds",
      units.flatMap((unit) =>
        unit.since === undefined ? [] : [{ labels: { unit: unit.name }, value: since(unit.since) }],
      ),
    ),
    counter(
      "unit_restarts_total",
      units.map(({ name, restarts }) => ({ labels: { unit: name }, value: restarts })),
    ),
    gauge(
      "unit_memory_bytes",
      ofUnits(usage, ({ memoryBytes }) => memoryBytes),
    ),
    counter(
      "unit_cpu_seconds_total",
      ofUnits(usage, ({ processorSeconds }) => processorSeconds),
    ),
    gauge(
      "unit_processes",
      ofUnits(usage, ({ processes }) => processes),
    ),
    gauge(
      "certificate_remaining_seconds",
      (certificates?.issued ?? []).map(({ process, notAfter }) => ({
        labels: { process },
        value: (Date.parse(notAfter) - now.getTime()) / 1000,
      })),
    ),
    gauge("certificate_renewal_failing", certificates ? one(Number(certificates.renewalProblem !== undefined)) : []),
    counter("host_firewall_restored_total", one(hostFirewall?.restored ?? 0)),
    counter("logs_delivered_total", logs ? one(logs.delivered) : []),
    counter("logs_lost_total", logs ? one(logs.lost) : []),
    counter("logs_rejected_total", logs ? one(logs.rejected) : []),
    gauge("logs_failing", logs ? one(Number(logs.problem !== undefined)) : []),
    gauge("agent_memory_bytes", one(usage.agentMemoryBytes)),
    // All of this is old where it stands still.
    gauge("agent_timestamp_seconds", one(now.getTime() / 1000)),
  ];
}

function ofUnits({ units }: NodeUsage, value: (usage: UnitUsage) => number): readonly MetricSample[] {
  return units.map((usage) => ({ labels: { unit: usage.unit }, value: value(usage) }));
}

function one(value: number): readonly MetricSample[] {
  return [{ labels: {}, value }];
}

function gauge(name: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: `cdktf_flink_${name}`, type: "gauge", samples };
}

function counter(name: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: `cdktf_flink_${name}`, type: "counter", samples };
}
