import { MachineLock } from "../../../lib/operate/machines/machine-lock";
import { World } from "./world";

const NODE = "orders-node-2";

test("whoever slept for too long leaves the lock alone that another one took in the name of the same node", async () => {
  const world = new World();
  const slept = await MachineLock.take(world.from, NODE, "a new machine");
  world.lockAge = 150;
  const other = await MachineLock.take(world.from, NODE, "a new machine");
  expect(other).toBeDefined();
  await slept!.release();
  expect(world.lock).toMatchObject({ owner: NODE, generation: 2 });
  await other!.release();
  expect(world.lock).toMatchObject({ owner: null });
});
