import { createHash } from "node:crypto";
import { desiredStateKey, reportKey } from "../../lib/core/bucket-layout";
import type { FlinkReport, NodeReport } from "../../lib/node/report";
import { letNodesGo } from "../../lib/operate/remove-nodes";
import { bucketOf } from "../software/bucket-of-texts";

const WAS = [1, 2, 3, 4, 5].map((number) => `orders-node-${number}`);
const KEEP = WAS.slice(0, 3);
const DESIRED = JSON.stringify({ nodes: WAS.map((name) => ({ name })) });
const SHA256 = createHash("sha256").update(DESIRED).digest("hex");

/** What the leader was told: of so many slots of five TaskManagers with two each. */
const flink = (slotsFree: number, more: Partial<FlinkReport> = {}): FlinkReport => ({
  ...{ lookedAt: "2026-01-01T00:00:00Z", version: "2.2.1", taskManagers: 5, slotsTotal: 10, slotsFree, jobs: [] },
  ...more,
});

function reports(of: Readonly<Record<string, Partial<NodeReport>>>): Record<string, string> {
  return Object.fromEntries(
    WAS.map((node) => [
      reportKey("orders", node),
      JSON.stringify({
        ...{ schemaVersion: 1, status: "healthy", reportedAt: "2026-01-01T00:00:00Z" },
        ...{ running: { versionId: "v", sha256: SHA256, since: "" } },
        ...of[node],
      }),
    ]),
  );
}

async function unprotectedBy(
  objects: Record<string, string>,
  keep: readonly string[] = KEEP,
  slots?: number,
): Promise<readonly string[]> {
  const unprotected: string[] = [];
  await letNodesGo({
    ...{ from: bucketOf({ [desiredStateKey("orders")]: DESIRED, ...objects }), was: WAS, keep, slots },
    unprotect: (nodes) => Promise.resolve(void unprotected.push(...nodes)),
    ...{ timeoutMillis: 20, pollMillis: 1 },
  });
  return unprotected;
}

test("nodes go where the jobs fit into what stays, and only their machines lose their protection", async () => {
  const objects = reports({ "orders-node-2": { leads: true, flink: flink(4) } });
  expect(await unprotectedBy(objects)).toEqual(["orders-node-4", "orders-node-5"]);
});

test("where the jobs do not fit it is refused with the numbers", async () => {
  await expect(unprotectedBy(reports({ "orders-node-2": { flink: flink(3) } }))).rejects.toThrow(
    "orders-node-4, orders-node-5 cannot go, and nothing was touched: the jobs have 7 slots, and the 3 nodes that stay have 6 (2 each). " +
      "Stop a job or lower its parallelism, raise numberOfTaskSlots first, or keep nodeCount at 4 or more",
  );
});

test("where the same deploy lowers the slots of each, the jobs have to fit into those", async () => {
  const sevenOf20 = reports({ "orders-node-2": { flink: flink(13, { slotsTotal: 20 }) } });
  await expect(unprotectedBy(sevenOf20, KEEP, 2)).rejects.toThrow(
    "the jobs have 7 slots, and the 3 nodes that stay are to have 6 (numberOfTaskSlots 2 in place of 4). " +
      "Stop a job or lower its parallelism, keep numberOfTaskSlots at 4, or keep nodeCount at 4 or more",
  );
  expect(await unprotectedBy(sevenOf20, KEEP, 3)).toEqual(["orders-node-4", "orders-node-5"]);
  // More of them come later than the machines go.
  await expect(unprotectedBy(reports({ "orders-node-2": { flink: flink(3) } }), KEEP, 4)).rejects.toThrow(
    /the jobs have 7 slots, and the 3 nodes that stay have 6 \(2 each\)\. .*raise numberOfTaskSlots first/,
  );
});

test("a node that stays has to be well, and one that goes does not", async () => {
  const ill = { status: "unhealthy", reasons: ["no disk"] } as const;
  const leader = { "orders-node-2": { flink: flink(10) } };
  await expect(unprotectedBy(reports({ ...leader, "orders-node-1": ill }))).rejects.toThrow(
    /orders-node-1 is unhealthy: no disk/,
  );
  expect(await unprotectedBy(reports({ ...leader, "orders-node-5": ill }))).toEqual(["orders-node-4", "orders-node-5"]);
});

test.each<[string, FlinkReport | undefined, RegExp]>([
  [
    "a job starts anew, and takes slots when it has",
    flink(10, { jobs: [{ id: "a", name: "orders", state: "RESTARTING", since: "2026-01-01T00:00:00Z" }] }),
    /nobody knows whether the jobs fit into fewer nodes, and nothing was touched: the job orders \(a\) is RESTARTING/,
  ],
  ["nobody tells of slots", undefined, /no node tells how many slots are free/],
])("while %s nothing goes", async (_what, told, why) => {
  await expect(unprotectedBy(reports(told ? { "orders-node-2": { flink: told } } : {}))).rejects.toThrow(why);
});

test("nothing is asked where none goes, and where the cluster never reported", async () => {
  expect(await unprotectedBy({}, [...WAS, "orders-node-6"])).toEqual([]);
  expect(await unprotectedBy({})).toEqual([]);
});
