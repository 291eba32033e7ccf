import type { RollEvent, RollEventName } from "../../lib/node/roll";
import { fewestHealthy, requireOrder, requireTurns, RollRecord, secondsPerNode, tellRoll } from "./rolling-change";

const at = (second: number, node: string, what: RollEventName): RollEvent => ({
  schemaVersion: 1,
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  node,
  what,
  generation: 1,
  change: { kind: "desired-state", sha256: "a", versionId: "v1", reason: "a new desired state" },
});

const roll: RollRecord = {
  ...{ what: "slots", seconds: 60.4, nodes: [], samples: 58, mostDown: 1 },
  leaders: ["lab-node-1", "lab-node-2"],
};

test("seconds of each node are read from the events, in their order", () => {
  const events = [
    at(1, "lab-node-2", "started"),
    at(3, "lab-node-2", "applied"),
    at(31, "lab-node-2", "released"),
    at(35, "lab-node-1", "started"),
    at(55, "lab-node-1", "failed"),
  ];
  const nodes = secondsPerNode(events);
  expect(nodes).toEqual([
    { node: "lab-node-2", seconds: 30 },
    { node: "lab-node-1", seconds: 20 },
  ]);
  expect(tellRoll({ ...roll, nodes })).toEqual({
    change: "slots",
    seconds: 60,
    nodes: "2: 30 s, 1: 20 s",
    leaders: "1, 2",
    samples: 58,
    "most down at once": 1,
  });
});

test("the node on which a roll ended well the least often is counted, also where it never did", () => {
  const nodes = [{ name: "lab-node-1" }, { name: "lab-node-2" }];
  const first = [at(1, "lab-node-1", "healthy"), at(2, "lab-node-1", "released"), at(3, "lab-node-1", "healthy")];
  expect(fewestHealthy(first, nodes)).toBe(0);
  expect(fewestHealthy([...first, at(4, "lab-node-2", "healthy")], nodes)).toBe(1);
});

describe("the order of a roll", () => {
  const all = [1, 2, 3].map((number) => ({ name: `lab-node-${number}` }));
  const rolled = (order: string, leaders: string): RollRecord => ({
    ...roll,
    nodes: [...order].map((number) => ({ node: `lab-node-${number}`, seconds: 1 })),
    leaders: [...leaders].map((number) => `lab-node-${number}`),
  });

  test("is right where the leader comes last, and the leadership moves once", () => {
    requireOrder(rolled("231", "12"), all);
    requireOrder(rolled("1", "1"), all.slice(0, 1));
  });

  test.each([
    ["a node was left out", rolled("31", "12"), /were changed and not each/],
    ["a node was changed twice", rolled("2331", "12"), /were changed and not each/],
    ["the leader was not the last", rolled("213", "12"), /lab-node-1 led, and lab-node-3 was the last/],
    ["the leadership moved twice", rolled("231", "123"), /was to move once/],
    ["and back", rolled("231", "121"), /was to move once/],
    ["or not at all", rolled("231", "1"), /was to move once/],
  ])("and else wrong: %s", (_, wrong, problem) => {
    expect(() => requireOrder(wrong, all)).toThrow(problem);
  });
});

describe("the turns of a roll", () => {
  const turn = (generation: number, second: number, node: string, ...whats: readonly RollEventName[]): RollEvent[] =>
    whats.map((what, index) => ({ ...at(second + index, node, what), generation }));

  test("are one after the other, whatever became of each", () => {
    requireTurns([
      ...turn(1, 0, "lab-node-1", "started", "applied", "healthy", "released"),
      ...turn(2, 10, "lab-node-2", "started", "applied", "failed", "rolled-back"),
      ...turn(3, 20, "lab-node-2", "started", "released"),
      ...turn(4, 30, "lab-node-3", "started", "failed"),
      ...turn(5, 40, "lab-node-1", "started", "applied", "healthy"),
      // The lock is free before that is told.
      ...turn(6, 50, "lab-node-2", "started"),
      ...turn(5, 51, "lab-node-1", "released"),
    ]);
  });

  test.each([
    ["has only begun", ["started"]],
    ["is not well again", ["started", "applied"]],
    ["has not gone back", ["started", "applied", "failed"]],
  ] as const)("and else wrong: the one before %s", (_, whats) => {
    const events = [...turn(1, 0, "lab-node-1", ...whats), ...turn(2, 10, "lab-node-2", "started")];
    expect(() => requireTurns(events)).toThrow(/lab-node-2 began at .*, when lab-node-1 was not done yet/);
  });
});
