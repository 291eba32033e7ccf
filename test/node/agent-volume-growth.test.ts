import { VolumeGrowthWatch } from "../../lib/node/agent/volume-growth";

const GIB = 1 << 30;

function watchOf(disk: { size: number; fileSystem: number; fails?: string }) {
  const state = { now: 0, grown: 0, reports: [] as unknown[] };
  const watch = new VolumeGrowthWatch(
    {
      size: async () => disk.size,
      fileSystemSize: async () => disk.fileSystem,
      grow: async () => {
        state.grown++;
        if (disk.fails) throw new Error(disk.fails);
        disk.fileSystem = disk.size * 0.98;
      },
    },
    (report) => state.reports.push(report),
    () => state.now,
  );
  return { watch, state };
}

test("the file system grows when the disk has, once, and what is used is told", async () => {
  const disk = { size: 20 * GIB, fileSystem: 19 * GIB };
  const { watch, state } = watchOf(disk);
  await watch.look();
  disk.size = 50 * GIB;
  await watch.look();
  expect(state.grown).toBe(1);
  state.now += 10_000;
  await watch.look();
  state.now += 10_000;
  await watch.look();
  expect(state.grown).toBe(2);
  expect(state.reports.at(-1)).toEqual({ sizeBytes: 50 * GIB, fileSystemBytes: 50 * GIB * 0.98 });
});

test("what fails is told, and done again", async () => {
  const disk: Parameters<typeof watchOf>[0] = { size: 20 * GIB, fileSystem: 19 * GIB, fails: "resize2fs ended with 1" };
  const { watch, state } = watchOf(disk);
  await watch.look();
  expect(state.reports.at(-1)).toMatchObject({ problem: "resize2fs ended with 1" });
  delete disk.fails;
  state.now += 10_000;
  await watch.look();
  expect(state.reports.at(-1)).not.toHaveProperty("problem");
});
