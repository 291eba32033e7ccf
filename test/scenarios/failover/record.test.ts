import { STEPS } from "./breakdown";
import type { Failover } from "./failovers";
import { busyShare } from "./host-processors";
import { tellSeries, tellSteps } from "./record";

const failover = (seconds: number, more: Partial<Failover> = {}): Failover => ({
  node: "lab-node-1",
  steps: STEPS.map((what) => ({ what, seconds })),
  seconds,
  tookZooKeeperLeader: false,
  processorsBusy: 0.9,
  ...more,
});

test("a leader that did not hand over is told", () => {
  const failovers = [
    failover(4.2, { handsOver: true }),
    failover(15.9, { handsOver: false }),
    failover(4.8, { handsOver: true }),
  ];
  expect(tellSeries({ kind: "asked to end", times: "ours", failovers })).toEqual([
    ...["asked to end", "ours", "4.8", "4.2, 15.9, 4.8", "2 of 3"],
  ]);
});

test("so is whether ZooKeeper lost its leader too", () => {
  const failovers = [failover(8.1), failover(13.2, { tookZooKeeperLeader: true })];
  expect(tellSeries({ kind: "machine gone", times: "upstream's", failovers })).toEqual([
    ...["machine gone", "upstream's", "13.2", "8.1, 13.2 Z", "-"],
  ]);
});

test("beside the steps stands how much of the host was taken", () => {
  const failovers = [failover(8, { processorsBusy: 0.5 }), failover(9, { processorsBusy: 0.987 }), failover(10)];
  const told = tellSteps({ kind: "asked to end", times: "ours", failovers });
  expect(told).toEqual(["asked to end", "ours", ...STEPS.map(() => "9.0"), "90 %"]);
});

test("the share of the processors is of the time between two moments", () => {
  expect(busyShare({ busy: 1000, all: 8000 }, { busy: 1300, all: 8400 })).toBeCloseTo(0.75);
  expect(() => busyShare({ busy: 1000, all: 8000 }, { busy: 1000, all: 8000 })).toThrow("no time of a processor");
});
