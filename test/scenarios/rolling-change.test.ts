import type { RollEvent, RollEventName } from "../../lib/node/roll";
import { secondsPerNode, tellRoll } from "./rolling-change";

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
