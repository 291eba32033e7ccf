import { DATA, METRICS_OF_AGENT_FILE } from "../paths";
import { PORTS } from "../ports";
import { STATUS_ALIAS } from "./telegraf-status";

/** A longer answer of a process of Flink is not read: this is room for about 10 000 series of it. */
const LARGEST_ANSWER = 4 << 20;
/** Part of the interval in which an answer has to be there. */
const LARGEST_PART_OF_INTERVAL = 1 / 3;
const LONGEST_ANSWER_SECONDS = 20;

/** Where Telegraf gets values from: Flink's two processes, the agent, the operating system, and itself. */
export function telegrafInputs(intervalSeconds: number): Readonly<Record<string, readonly object[]>> {
  const timeoutSeconds = Math.min(
    Math.max(1, Math.floor(intervalSeconds * LARGEST_PART_OF_INTERVAL)),
    LONGEST_ANSWER_SECONDS,
  );
  return {
    prometheus: [
      {
        urls: [PORTS.jobManagerReporter, PORTS.taskManagerReporter].map(
          ({ port }) => `http://127.0.0.1:${port}/metrics`,
        ),
        metric_version: 2,
        url_tag: "",
        // A job may answer in the place of its process: nothing of it passes for what others tell.
        fieldinclude: ["flink_*"],
        timeout: `${timeoutSeconds}s`,
        content_length_limit: LARGEST_ANSWER,
      },
    ],
    file: [{ files: [METRICS_OF_AGENT_FILE], data_format: "prometheus", prometheus_metric_version: 2 }],
    cpu: [{ percpu: false, totalcpu: true, collect_cpu_time: false, report_active: true }],
    mem: [{ fieldinclude: MEMORY }],
    disk: [{ mount_points: ["/", DATA], ignore_mount_opts: ["bind"], tagexclude: ["device", "label", "mode"] }],
    diskio: [{ devices: ["nvme*", "sd*", "vd*", "xvd*"], tagexclude: ["wwid"] }],
    net: [{ ignore_protocol_stats: true }],
    system: [{ fieldinclude: ["load1", "load5", "load15", "n_cpus", "uptime"] }],
    kernel: [{ fieldinclude: ["context_switches", "interrupts", "processes_forked"] }],
    internal: [
      {
        collect_memstats: false,
        namepass: ["internal_agent", "internal_gather", "internal_write"],
        tagexclude: ["go_version", "version"],
        tagdrop: { alias: [STATUS_ALIAS] },
      },
    ],
  };
}

const MEMORY = [
  ...["available", "available_percent", "buffered", "cached", "free", "total", "used", "used_percent"],
  ...["swap_free", "swap_total"],
];
