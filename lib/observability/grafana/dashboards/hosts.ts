import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { FlinkMetricQuery } from "../../../metrics/flink-metric-query";
import { AcrossSeries, OverTime } from "../../../metrics/metric-reduction";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { TimeSeriesPanel } from "../time-series-panel";
import { GROWTH, values } from "../../../metrics/values";

const PERCENT_FULL = MetricThresholds.above({ warning: 75, critical: 85 });

/** The machines. */
export function hostDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: hosts and disks",
    description: "Processors, memory, disks and network of the machines, and what each program takes of them",
    uid: "cdktf-flink-hosts",
  });
  dashboard.addHeading("Processors and memory");
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Processors",
      description: "The part of all processors that is in use.",
      runbook: "Near 100 % for long: more nodes, or larger ones.",
      queries: [FlinkMetricQuery.cpuUsed()],
      unit: MetricUnit.PERCENT,
      thresholds: MetricThresholds.above({ warning: 85, critical: 95 }),
      min: 0,
      max: 100,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Waiting for disks, and taken by others",
      description: "The part of the processors' time that waits for disks, and that the host gives to other machines.",
      runbook: "Waiting: see the disks below. Taken: a burstable type has used up its credits.",
      queries: [
        values("cpu", "usage_iowait", "{{node}}: waiting", { overTime: OverTime.MEAN }),
        values("cpu", "usage_steal", "{{node}}: taken", { overTime: OverTime.MEAN }),
      ],
      unit: MetricUnit.PERCENT,
      min: 0,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Memory that can be had",
      description: "The lowest part of memory that programs could still get.",
      runbook: "Low: the kernel will end a program. See below which one takes it.",
      queries: [FlinkMetricQuery.memoryAvailable()],
      unit: MetricUnit.PERCENT,
      thresholds: MetricThresholds.below({ warning: 10, critical: 5 }),
      min: 0,
      max: 100,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Memory of programs",
      description: "What each program of a node takes, as the kernel counts it.",
      runbook: "A program near its bound is ended by the kernel, which its log and the kernel's tell.",
      queries: [values("cdktf_flink_unit", "memory_bytes", "{{node}}: {{unit}}")],
      unit: MetricUnit.BYTES,
      min: 0,
    }),
  });

  dashboard.addHeading("Disks");
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Space in use",
      description: "The part of the root volume and of the data volume that is in use.",
      runbook:
        "The data volume fills: local state or logs grow. Make the volume larger before it is full: Flink stops then.",
      queries: [FlinkMetricQuery.diskUsed()],
      unit: MetricUnit.PERCENT,
      thresholds: PERCENT_FULL,
      min: 0,
      max: 100,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Inodes in use",
      description: "The part of the inodes of both volumes that is in use.",
      runbook: "Near 100 % with space left: some program leaves very many small files.",
      queries: [values("disk", "inodes_used_percent", "{{node}}: {{path}}")],
      unit: MetricUnit.PERCENT,
      thresholds: PERCENT_FULL,
      min: 0,
      max: 100,
    }),
  });
  const growing = (
    title: string,
    of: string,
    fields: readonly (readonly [string, string])[],
    description: string,
  ): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook: "A line that is flat at the top: the bound of the volume or of the machine's type is reached.",
        queries: fields.map(([field, words]) => values(of, field, `{{node}}: ${words}`, GROWTH)),
        unit: MetricUnit.BYTES_PER_SECOND,
        min: 0,
      }),
    });
  growing(
    "Read and written",
    "diskio",
    [
      ["read_bytes", "read"],
      ["write_bytes", "written"],
    ],
    "Bytes each second of all disks of a node; a partition counts beside its disk.",
  );
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Disks at work",
      description: "The part of the time in which each disk had something to do.",
      runbook:
        "Near 100 %: state that does not fit into memory is read from the disk. More memory, or a faster volume.",
      queries: [
        values("diskio", "io_time", "{{node}}: {{name}}", {
          overTime: OverTime.RATE,
          across: AcrossSeries.MAX,
          scale: 0.001,
        }),
      ],
      unit: MetricUnit.PART_OF_ONE,
      min: 0,
    }),
  });

  dashboard.addHeading("Network");
  growing(
    "Received and sent",
    "net",
    [
      ["bytes_recv", "received"],
      ["bytes_sent", "sent"],
    ],
    "Bytes each second of all interfaces of a node, but for its own loopback.",
  );
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Packets that were dropped",
      description: "Packets each second that interfaces dropped or found wrong.",
      runbook: "More than none for long: the bound of the machine's type is reached, or its network is ill.",
      queries: [
        values("net", "drop_in", "{{node}}: dropped, received", GROWTH),
        values("net", "drop_out", "{{node}}: dropped, sent", GROWTH),
        values("net", "err_in", "{{node}}: wrong, received", GROWTH),
        values("net", "err_out", "{{node}}: wrong, sent", GROWTH),
      ],
      unit: MetricUnit.COUNT_PER_SECOND,
      min: 0,
    }),
  });
  return dashboard;
}
