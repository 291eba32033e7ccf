import { Duration } from "../core/duration";
import { refuse, requireInstance } from "../core/validation";
import { InstanceType } from "./instance-type";

/**
 * How one machine's memory is divided. All sizes are whole MiB; the four shares of the machine add up to
 * its memory, and the parts of each Flink process add up to that process.
 */
export interface MemorySplit {
  /** What AWS states for the machine. */
  readonly machineMib: number;
  /** Left to the kernel, its page cache, the node agent and the other agents. */
  readonly operatingSystemMib: number;
  readonly zooKeeper: ZooKeeperMemory;
  readonly jobManager: JobManagerMemory;
  readonly taskManager: TaskManagerMemory;
  /** `proven`: a cluster of this very size ran in the lab; `computed`: only the formula speaks for it. */
  readonly basis: "proven" | "computed";
}

/** Memory of ZooKeeper. */
export interface ZooKeeperMemory {
  readonly processMib: number;
  readonly heapMib: number;
  /** Flags of the Java virtual machine beside the size of its heap. */
  readonly javaOptions: readonly string[];
}

/** Memory of the JobManager, in Flink's own terms. */
export interface JobManagerMemory {
  readonly processMib: number;
  readonly heapMib: number;
  readonly offHeapMib: number;
  readonly metaspaceMib: number;
  readonly overheadMib: number;
  /** Flags of the Java virtual machine beside those that Flink's scripts give for memory. */
  readonly javaOptions: readonly string[];
}

/** Memory of the TaskManager, in Flink's own terms. */
export interface TaskManagerMemory {
  readonly processMib: number;
  /** Heap for Flink and the jobs together, which is where the HashMap state backend keeps state. */
  readonly heapMib: number;
  readonly taskHeapMib: number;
  readonly frameworkHeapMib: number;
  readonly frameworkOffHeapMib: number;
  readonly taskOffHeapMib: number;
  readonly networkMib: number;
  /** Always 0: the HashMap state backend has no use for it. */
  readonly managedMib: number;
  readonly metaspaceMib: number;
  readonly overheadMib: number;
  /** Flags of the Java virtual machine beside those that Flink's scripts give for memory. */
  readonly javaOptions: readonly string[];
}

/** How long the cluster waits before it takes a silent process for dead. */
export interface LivenessTimeouts {
  readonly heartbeatInterval: Duration;
  readonly heartbeatTimeout: Duration;
  /** Of a JobManager: so long after the leader is gone another one leads. */
  readonly jobManagerSession: ZooKeeperSession;
  readonly taskManagerSession: ZooKeeperSession;
}

/** How long ZooKeeper keeps what a silent process holds, and how long that process tries to connect. */
export interface ZooKeeperSession {
  readonly timeout: Duration;
  readonly connectionTimeout: Duration;
}

/** Machine sizes whose split is booted unchanged by the lab. */
const PROVEN = new Set(["m7i.large"]);

/** Below this even the smallest shares leave no room for tasks. */
const LEAST_MACHINE_MIB = 4096;

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(Math.floor(value), min), max);

/**
 * The formula, with M the machine's memory:
 *
 * | share | size |
 * | --- | --- |
 * | operating system and agents | 1 GiB + M/32 (the machine itself keeps back 3 to 5 % of what AWS states) |
 * | ZooKeeper | M/16, from 384 MiB to 1 GiB |
 * | JobManager | 3/16 of M, from 960 MiB to 8 GiB |
 * | TaskManager | the rest |
 *
 * Within the TaskManager: metaspace M/32 from 256 MiB to 1 GiB (a session cluster loads the classes of many
 * jobs), task off-heap M/64 from 64 to 512 MiB (buffers of connectors), Flink's own overhead (a tenth, from
 * 192 MiB to 1 GiB) and network memory (a tenth, from 64 MiB to 2 GiB), managed memory 0; what is left is heap.
 *
 * Refuses a machine of less than 4 GiB.
 */
export function splitMemory(instanceType: InstanceType): MemorySplit {
  requireInstance("instanceType", instanceType, InstanceType, "InstanceType.M7I_LARGE");
  const machineMib = Math.floor(instanceType.memory.toMebibytes());
  if (machineMib < LEAST_MACHINE_MIB) {
    refuse({
      property: "instanceType",
      value: `${instanceType.name} with ${machineMib} MiB`,
      allowed: `a machine with at least ${LEAST_MACHINE_MIB} MiB`,
      remedy: "use for example InstanceType.M7I_LARGE",
    });
  }
  const operatingSystemMib = 1024 + Math.ceil(machineMib / 32);
  const zooKeeperMib = clamp(machineMib / 16, 384, 1024);
  const jobManagerMib = clamp((machineMib * 3) / 16, 960, 8192);
  const taskManagerMib = machineMib - operatingSystemMib - zooKeeperMib - jobManagerMib;
  return {
    machineMib,
    operatingSystemMib,
    zooKeeper: zooKeeperMemory(zooKeeperMib),
    jobManager: jobManagerMemory(jobManagerMib, machineMib),
    taskManager: taskManagerMemory(taskManagerMib, machineMib),
    basis: PROVEN.has(instanceType.name) ? "proven" : "computed",
  };
}

/**
 * Flink's rule for the memory that it leaves to the virtual machine itself, see
 * `{jobmanager,taskmanager}.memory.jvm-overhead.*`.
 */
function jvmOverhead(processMib: number): number {
  return clamp(processMib / 10, 192, 1024);
}

/** 128 MiB beside the heap are for metaspace, threads and buffers: ZooKeeper's are small and do not grow. */
function zooKeeperMemory(processMib: number): ZooKeeperMemory {
  const heapMib = processMib - 128;
  return {
    processMib,
    heapMib,
    javaOptions: ["-XX:+UseSerialGC"],
  };
}

/** Divides the JobManager's share of a machine with so much memory. */
export function jobManagerMemory(processMib: number, machineMib: number): JobManagerMemory {
  const offHeapMib = 128;
  const metaspaceMib = clamp(machineMib / 64, 256, 512);
  const overheadMib = jvmOverhead(processMib);
  const heapMib = processMib - offHeapMib - metaspaceMib - overheadMib;
  return {
    processMib,
    heapMib,
    offHeapMib,
    metaspaceMib,
    overheadMib,
    // A JobManager that is out of memory answers nobody and still holds the leadership: it has to go.
    javaOptions: [collector(heapMib), "-XX:+ExitOnOutOfMemoryError"],
  };
}

/** Divides the TaskManager's share of a machine with so much memory. */
export function taskManagerMemory(processMib: number, machineMib: number): TaskManagerMemory {
  const frameworkHeapMib = 128;
  const frameworkOffHeapMib = 128;
  const taskOffHeapMib = clamp(machineMib / 64, 64, 512);
  const metaspaceMib = clamp(machineMib / 32, 256, 1024);
  const overheadMib = jvmOverhead(processMib);
  const totalFlinkMib = processMib - metaspaceMib - overheadMib;
  const networkMib = clamp(totalFlinkMib / 10, 64, 2048);
  const taskHeapMib = totalFlinkMib - frameworkHeapMib - frameworkOffHeapMib - taskOffHeapMib - networkMib;
  const heapMib = frameworkHeapMib + taskHeapMib;
  return {
    processMib,
    heapMib,
    taskHeapMib,
    frameworkHeapMib,
    frameworkOffHeapMib,
    taskOffHeapMib,
    networkMib,
    managedMib: 0,
    metaspaceMib,
    overheadMib,
    javaOptions: [collector(heapMib)],
  };
}

/** Below 1 GiB of heap the serial collector needs less memory and stops no longer; above it G1 stops for less. */
function collector(heapMib: number): string {
  return heapMib < 1024 ? "-XX:+UseSerialGC" : "-XX:+UseG1GC";
}

/**
 * A full collection stops a process for up to a second per GiB of heap, and a process that is taken for dead
 * because of it costs a restart of its jobs. So:
 * - heartbeat timeout: 12 s for a TaskManager heap up to 8 GiB, 1 s more per GiB above it, at most 50 s
 *   (Flink's default); the interval is a quarter of it, so that three lost beats are forgiven;
 * - ZooKeeper session of a JobManager: 5 s for a heap up to 1 GiB, 1 s more per GiB above it. A process that stands still for
 *   2 s holds it: its last sign of life is at most 1.5 s old when it stops, half a second of which is on its way;
 * - ZooKeeper session of a TaskManager: 8 s for a heap up to 4 GiB, 1 s more per GiB above it, at most 20 s. When it is lost
 *   the TaskManager ends its tasks; two thirds of it are how long one that was connected to the server of a machine that is
 *   gone looks for no other, and learns of no new leader.
 *
 * The server allows 4 to 40 s. Half of a session is for connecting.
 */
export function livenessTimeouts(split: MemorySplit): LivenessTimeouts {
  const taskManagerGib = Math.ceil(split.taskManager.heapMib / 1024);
  const jobManagerGib = Math.ceil(split.jobManager.heapMib / 1024);
  const heartbeatMillis = clamp(12 + taskManagerGib - 8, 12, 50) * 1000;
  return {
    heartbeatInterval: Duration.millis(heartbeatMillis / 4),
    heartbeatTimeout: Duration.millis(heartbeatMillis),
    jobManagerSession: zooKeeperSession(clamp(5 + jobManagerGib - 1, 5, 40)),
    taskManagerSession: zooKeeperSession(clamp(8 + taskManagerGib - 4, 8, 20)),
  };
}

function zooKeeperSession(seconds: number): ZooKeeperSession {
  return { timeout: Duration.seconds(seconds), connectionTimeout: Duration.millis(seconds * 500) };
}
