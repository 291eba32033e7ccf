import { growVolumes, type GrowthOptions } from "../../../lib/operate/machines/grow-volumes";
import { World } from "./world";

const grow = (world: World, options: Partial<GrowthOptions> = {}): Promise<readonly string[]> =>
  growVolumes({
    from: world.from,
    service: world,
    nodes: world.nodes,
    gib: 50,
    timeoutMillis: 20,
    pollMillis: 1,
    ...options,
  });

/** Each node uses what its volume has. */
function thatUsesAll(world: World): World {
  const growVolume = world.growVolume.bind(world);
  world.growVolume = async (id, gib) => {
    await growVolume(id, gib);
    world.nodes.find(({ volumeId }) => volumeId === id)!.usedGib = gib;
  };
  return world;
}

test("volumes that are smaller grow, one node after the other", async () => {
  const world = thatUsesAll(new World());
  world.node(2).gib = 50;
  await expect(grow(world)).resolves.toEqual(["orders-node-1", "orders-node-3"]);
  expect(world.done).toEqual(["grow vol-1 to 50", "grow vol-3 to 50"]);
  await expect(grow(world, { gib: 30 })).resolves.toEqual([]);
});

test("a node that does not use the room ends it, before the next volume is touched", async () => {
  const world = new World();
  await expect(grow(world)).rejects.toThrow(
    "the data volume vol-1 of orders-node-1 has 50 GiB, and orders-node-1 uses 19.6 GiB of it: it has not seen more yet",
  );
  expect(world.done).toEqual(["grow vol-1 to 50"]);
});

test("a node that sees the room and cannot use it is told with its own words", async () => {
  const world = thatUsesAll(new World());
  world.growthProblem = { problem: "resize2fs ended with 1: Permission denied" };
  await expect(grow(world)).rejects.toThrow("resize2fs ended with 1: Permission denied");
  expect(world.done).toEqual(["grow vol-1 to 50"]);
});

test.each([
  ["is ill", (world: World) => (world.node(1).looksUntilWell = Infinity)],
  ["has never told of itself", (world: World) => (world.node(1).reports = false)],
])("a node that %s is not waited for", async (_, make) => {
  const world = thatUsesAll(new World());
  make(world);
  await expect(grow(world)).resolves.toHaveLength(3);
});

test("a volume that was changed a short while ago: AWS's own rule, in one sentence", async () => {
  const world = new World();
  world.growVolume = async () => {
    throw Object.assign(new Error("You've reached the maximum modification rate per volume limit."), {
      name: "VolumeModificationRateExceeded",
    });
  };
  await expect(grow(world)).rejects.toThrow(
    "the data volume vol-1 of orders-node-1 was changed a short while ago, and AWS wants six hours between two changes of a volume: deploy again then",
  );
});
