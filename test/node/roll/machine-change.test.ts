import { rollLockKey } from "../../../lib/core/bucket-layout";
import { MACHINE_LEASE_SECONDS } from "../../../lib/node/roll";
import { ClusterModel } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const LOCK = rollLockKey("orders");

/** Somebody outside stops, changes and starts the machine of the second node. */
function changedMachine(more: object = {}): ClusterModel {
  const cluster = new ClusterModel();
  const change = { kind: "machine", sha256: "a".repeat(64), reason: "a machine of m7i.xlarge" };
  const held = { owner: "orders-node-2", phase: "preparing", generation: 4, since: "2026-01-01T00:00:00.000Z" };
  cluster.objects.put(LOCK, JSON.stringify({ schemaVersion: 1, ...held, change, ...more }));
  return cluster;
}

/** Nobody has written the lock for so long. */
function letAge(cluster: ClusterModel, seconds: number): void {
  const read = cluster.objects.read.bind(cluster.objects);
  cluster.objects.read = async (bucket, key) => {
    const found = await read(bucket, key);
    return found && key === LOCK ? { ...found, ageSeconds: seconds } : found;
  };
}

test("while a machine is changed from outside no node begins with what is new, and its own one leaves the lock alone", async () => {
  const cluster = changedMachine();
  cluster.want("second");
  await cluster.turn(20);
  expect(cluster.downs).toEqual([]);
  expect(cluster.lock).toMatchObject({ owner: "orders-node-2", generation: 4, change: { kind: "machine" } });
  expect(cluster.nodes.map(({ says }) => says?.reason)).toEqual([
    "orders-node-2 is changed just now",
    "its machine is changed just now",
    "orders-node-2 is changed just now",
  ]);
});

test("who lets the lock grow old is gone: the node gives it back, and what is new goes on", async () => {
  const cluster = changedMachine();
  cluster.want("second");
  letAge(cluster, MACHINE_LEASE_SECONDS);
  await cluster.turn(5);
  expect(cluster.lock).toMatchObject({ owner: "orders-node-2" });
  letAge(cluster, MACHINE_LEASE_SECONDS + 1);
  await cluster.turn(60, () => cluster.settledOn("second"));
  expect(cluster.settledOn("second")).toBe(true);
});

test("a roll that had stopped before is stopped again", async () => {
  const change = { kind: "desired-state", sha256: "b".repeat(64), reason: "a new desired state" };
  const stopped = { owner: "orders-node-3", since: "2026-01-01T00:00:00.000Z", change, reason: "bad" };
  const cluster = changedMachine({ stopped });
  letAge(cluster, MACHINE_LEASE_SECONDS + 1);
  await cluster.nodes[1].look();
  expect(cluster.lock).toMatchObject({ owner: "orders-node-3", phase: "failed", reason: "bad" });
});

test("any node that wants something gives back what nobody holds any more: the machine's own one may be away", async () => {
  const cluster = changedMachine();
  cluster.want("second");
  letAge(cluster, MACHINE_LEASE_SECONDS + 1);
  await cluster.nodes[0].look();
  expect(cluster.lock).toMatchObject({ owner: null, generation: 4 });
});
