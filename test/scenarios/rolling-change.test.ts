import type { RollEvent, RollEventName } from "../../lib/node/roll";
import { fewestHealthy, secondsPerNode, tellRoll } from "./rolling-change";

const at = (second: number, node: string, what: RollEventName): RollEvent => ({
  schemaVersion: 1,
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  node,
  what,
  generation: 1,
  change: { kind: "desired-state", sha256: "a", versionId: "v1", reason: "a new desired state" },
});

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
  expect(tellRoll({ what: "slots", seconds: 60.4, nodes, samples: 58, mostDown: 1 })).toEqual({
    change: "slots",
    seconds: 60,
    nodes: "2: 30 s, 1: 20 s",
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
