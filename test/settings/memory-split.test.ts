import fc from "fast-check";
import { Size } from "../../lib/core/size";
import {
  Architecture,
  InstanceType,
  livenessTimeouts,
  renderZooCfg,
  splitMemory,
  type MemorySplit,
} from "../../lib/settings";
import type { ZooKeeperSession } from "../../lib/settings/memory-split";
import { INSTANCE_TYPES } from "../../lib/settings/instance-type-table";

const between = (value: number, min: number, max: number): void => {
  expect(value).toBeGreaterThanOrEqual(min);
  expect(value).toBeLessThanOrEqual(max);
};

/** What has to hold for every machine, by Flink's rules (TaskExecutorProcessUtils, JobManagerProcessUtils) and ours. */
function expectSound(split: MemorySplit): void {
  const { jobManager, taskManager, zooKeeper } = split;
  expect(split.operatingSystemMib + zooKeeper.processMib + jobManager.processMib + taskManager.processMib).toBe(
    split.machineMib,
  );
  expect(jobManager.heapMib + jobManager.offHeapMib + jobManager.metaspaceMib + jobManager.overheadMib).toBe(
    jobManager.processMib,
  );
  expect(
    taskManager.taskHeapMib +
      taskManager.frameworkHeapMib +
      taskManager.taskOffHeapMib +
      taskManager.frameworkOffHeapMib +
      taskManager.networkMib +
      taskManager.managedMib +
      taskManager.metaspaceMib +
      taskManager.overheadMib,
  ).toBe(taskManager.processMib);
  expect(taskManager.heapMib).toBe(taskManager.taskHeapMib + taskManager.frameworkHeapMib);
  expect(taskManager.managedMib).toBe(0);
  // Flink refuses a JobManager heap below 128 MiB.
  expect(jobManager.heapMib).toBeGreaterThanOrEqual(256);
  expect(zooKeeper.heapMib).toBeGreaterThanOrEqual(256);
  expect(taskManager.taskHeapMib).toBeGreaterThanOrEqual(512);
  between(jobManager.overheadMib, 192, 1024);
  between(taskManager.overheadMib, 192, 1024);
  expect(taskManager.networkMib).toBeGreaterThanOrEqual(64);
  expect(split.operatingSystemMib).toBeGreaterThanOrEqual(1024);
}

describe("splitMemory", () => {
  test.each([...INSTANCE_TYPES.keys()])("%s", (name) => expectSound(splitMemory(InstanceType.fromName(name))));

  test("any machine from 4 GiB on, also of an odd size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4096, max: 2 * 1024 * 1024 }), fc.nat(1023), (mebibytes, kibibytes) => {
        expectSound(
          splitMemory(
            InstanceType.of({
              name: "x1.odd",
              vCpus: 2,
              memory: Size.kibibytes(mebibytes * 1024 + kibibytes),
              architecture: Architecture.AMD64,
            }),
          ),
        );
      }),
    );
  });

  test("the default machine, number by number", () => {
    const split = splitMemory(InstanceType.M7I_LARGE);
    expect(split).toMatchObject({
      operatingSystemMib: 1280,
      zooKeeper: { processMib: 512, heapMib: 384 },
      jobManager: { processMib: 1536, heapMib: 960 },
      taskManager: { processMib: 4864, heapMib: 3454, networkMib: 412 },
      basis: "proven",
    });
  });

  test("three machines of the default size fit into the processes of a 23 GiB host", () => {
    const { zooKeeper, jobManager, taskManager } = splitMemory(InstanceType.M7I_LARGE);
    expect(3 * (zooKeeper.processMib + jobManager.processMib + taskManager.processMib)).toBeLessThan(21 * 1024);
  });

  test("a larger machine gives every process at least as much", () => {
    const bySize = [...INSTANCE_TYPES.values()].sort((a, b) => a.memoryGib - b.memoryGib);
    let before: MemorySplit | undefined;
    for (const row of bySize) {
      const split = splitMemory(InstanceType.fromName(row.name));
      if (before) {
        expect(split.taskManager.heapMib).toBeGreaterThanOrEqual(before.taskManager.heapMib);
        expect(split.jobManager.heapMib).toBeGreaterThanOrEqual(before.jobManager.heapMib);
        expect(split.zooKeeper.heapMib).toBeGreaterThanOrEqual(before.zooKeeper.heapMib);
      }
      before = split;
    }
  });

  test("refuses what is no InstanceType", () => {
    expect(() => splitMemory("m7i.large" as unknown as InstanceType)).toThrow('instanceType is "m7i.large"');
  });
});

describe("livenessTimeouts", () => {
  test.each([
    ["m7i.large", "3 s", "12 s", "5 s, 2500 ms", "8 s, 4 s"],
    ["r7i.xlarge", "5750 ms", "23 s", "9 s, 4500 ms", "20 s, 10 s"],
    ["r7i.8xlarge", "12500 ms", "50 s", "11 s, 5500 ms", "20 s, 10 s"],
  ])("%s", (name, interval, timeout, jobManager, taskManager) => {
    const timeouts = livenessTimeouts(splitMemory(InstanceType.fromName(name)));
    const shown = (session: ZooKeeperSession) =>
      `${session.timeout.toString()}, ${session.connectionTimeout.toString()}`;
    expect(timeouts.heartbeatInterval.toString()).toBe(interval);
    expect(timeouts.heartbeatTimeout.toString()).toBe(timeout);
    expect(shown(timeouts.jobManagerSession)).toBe(jobManager);
    expect(shown(timeouts.taskManagerSession)).toBe(taskManager);
  });

  const servers = [1, 2, 3].map((id) => ({ id, host: `node-${id}` }));
  const zooCfg = new Map(
    renderZooCfg(servers, "/data")
      .split("\n")
      .map((line) => line.split("=") as [string, string]),
  );
  const seconds = (key: string): number => Number(zooCfg.get(key)) / 1000;
  const tick = seconds("tickTime");
  const PAUSE = 2;

  test.each([...INSTANCE_TYPES.keys()])(
    "%s: every session is one that the server allows, and outlives a pause of 2 s",
    (name) => {
      const { jobManagerSession, taskManagerSession } = livenessTimeouts(splitMemory(InstanceType.fromName(name)));
      for (const { timeout } of [jobManagerSession, taskManagerSession]) {
        const session = timeout.toSeconds();
        between(session, seconds("minSessionTimeout"), seconds("maxSessionTimeout"));
        // A client that was silent for half of two thirds of its session, less a second, speaks; a server passes it on each half tick.
        const oldest = Math.max(1, session / 3 - 1) + tick / 2;
        expect(session - oldest - PAUSE).toBeGreaterThanOrEqual(1);
      }
    },
  );

  test("servers outlive a pause of 2 s of each other", () => {
    expect(Number(zooCfg.get("syncLimit")) * tick - PAUSE - tick / 2).toBeGreaterThanOrEqual(0.5);
  });
});
