import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { TimeSeriesPanel } from "../time-series-panel";
import { OF_A_SECOND, values } from "../../../metrics/values";

const NEARLY_FULL = MetricThresholds.above({ warning: 0.85, critical: 0.95 });

/** Memory and garbage collection of Flink's processes. */
export function memoryDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: memory and garbage collection",
    description: "Memory and garbage collection of TaskManagers and JobManagers",
    uid: "cdktf-flink-memory",
  });
  const part = (of: string, title: string, used: string, all: string, description: string, runbook: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook,
        queries: [values(of, used, "{{node}}", { dividedBy: all })],
        unit: MetricUnit.PART_OF_ONE,
        thresholds: NEARLY_FULL,
        min: 0,
        max: 1,
      }),
    });
  const collection = (of: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title: "Time in garbage collection",
        description: "The part of each second that collectors take.",
        runbook:
          "Above a tenth for minutes: the heap is too small for what is kept in it, or some state is on the heap.",
        queries: [values(of, "Status_JVM_GarbageCollector_All_TimeMsPerSecond", "{{node}}", { scale: OF_A_SECOND })],
        unit: MetricUnit.PART_OF_ONE,
        thresholds: MetricThresholds.above({ warning: 0.1, critical: 0.3 }),
        min: 0,
      }),
    });
  const ofJvm = (of: string): void => {
    part(
      of,
      "Heap",
      "Status_JVM_Memory_Heap_Used",
      "Status_JVM_Memory_Heap_Max",
      "The highest part of the heap that was in use, garbage included.",
      "Near 100 % with much time in garbage collection: the process will end for lack of memory. Give it more, or take jobs away.",
    );
    part(
      of,
      "Metaspace",
      "Status_JVM_Memory_Metaspace_Used",
      "Status_JVM_Memory_Metaspace_Max",
      "The part of the metaspace that classes take. Classes of an ended job can stay: each submission may take some more.",
      "Near 100 %: begin the process anew before it ends by itself, and look for a library that keeps threads or classes of ended jobs.",
    );
    collection(of);
    dashboard.add({
      panel: new TimeSeriesPanel({
        title: "Processor",
        description: "The part of all processors of the machine that the process uses.",
        runbook: "Near 100 % on all nodes: more nodes. On one alone: keys or subtasks are uneven.",
        queries: [values(of, "Status_JVM_CPU_Load", "{{node}}")],
        unit: MetricUnit.PART_OF_ONE,
        min: 0,
        max: 1,
      }),
    });
  };

  dashboard.addHeading("TaskManagers");
  ofJvm("flink_taskmanager");
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Managed memory",
      description: "The part of managed memory that is set aside for state backends and batch operators.",
      runbook:
        "100 % is as it should be with RocksDB, which takes all of it at once. None: no job needs it, so it can be smaller.",
      queries: [
        values("flink_taskmanager", "Status_Flink_Memory_Managed_Used", "{{node}}", {
          dividedBy: "Status_Flink_Memory_Managed_Total",
        }),
      ],
      unit: MetricUnit.PART_OF_ONE,
      min: 0,
      max: 1,
    }),
  });
  part(
    "flink_taskmanager",
    "Network memory",
    "Status_Shuffle_Netty_UsedMemory",
    "Status_Shuffle_Netty_TotalMemory",
    "The part of network memory that tasks have taken.",
    "Near 100 %: the next job may fail with insufficient network buffers. Give more to the network.",
  );
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Direct memory",
      description: "What direct buffers outside of the heap take.",
      runbook:
        "It grows without end: a library keeps buffers. The process ends with OutOfMemoryError: Direct buffer memory.",
      queries: [values("flink_taskmanager", "Status_JVM_Memory_Direct_MemoryUsed", "{{node}}")],
      unit: MetricUnit.BYTES,
      min: 0,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Threads",
      description: "Threads of the process.",
      runbook: "It grows with each start of a job: a library keeps its threads.",
      queries: [values("flink_taskmanager", "Status_JVM_Threads_Count", "{{node}}")],
      unit: MetricUnit.COUNT,
      min: 0,
    }),
  });
  dashboard.addHeading("JobManagers");
  ofJvm("flink_jobmanager");
  return dashboard;
}
