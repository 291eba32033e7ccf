import { mkdtempSync, renameSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { run } from "../lab/command";
import { waitFor } from "../lab/wait-for";
import { DownWatch, mostDownAtOnce, watchNode } from "./down-watch";
import { SessionNode } from "./flink-session";
import { ShellHost } from "./shell-host";

describe("how many nodes are down at once", () => {
  test("is counted at every moment at which one goes down", () => {
    expect(mostDownAtOnce([[], [], []])).toBe(0);
    expect(mostDownAtOnce([[[1, 2]], [[3, 4]], [[5, 6]]])).toBe(1);
    // The first one's TaskManager was not registered yet when the second one went down.
    expect(mostDownAtOnce([[[1, 4]], [[3, 5]], [[6, 7]]])).toBe(2);
    expect(mostDownAtOnce([[[1, 9]], [[3, 5]], [[2, 7]]])).toBe(3);
  });
});

describe("a node is watched", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "down-watch-"));
  const shown = path.join(folder, "shown");
  const asked = path.join(folder, "asked");
  /** A machine of which a file says what systemctl shows, and another one counts how often it was asked. */
  const machine: ShellHost = {
    name: "here",
    run: (command, options) => run(command, { ...options, env: { PATH: `${folder}:${process.env.PATH ?? ""}` } }),
  };
  /** At once: a look may come at any moment. */
  const show = (state: string, invocation: string) => {
    writeFileSync(`${shown}.new`, `InvocationID=${invocation}\nActiveState=${state}\n`);
    renameSync(`${shown}.new`, shown);
  };

  beforeEach(() => {
    writeFileSync(path.join(folder, "systemctl"), `#!/bin/sh\necho >> ${asked}\ncat ${shown}\n`, { mode: 0o755 });
    writeFileSync(asked, "");
    show("active", "a");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const looks = async (more: number): Promise<void> => {
    const count = async () => (await run(["wc", "-l", asked])).split(" ")[0];
    const before = Number(await count());
    await waitFor(async () => Number(await count()) >= before + more, { timeout: 30_000, what: "more looks" });
  };
  const node = { host: "127.0.0.1", restAddress: "https://127.0.0.1:1", machine };

  test("while its units go on, nothing else is asked", async () => {
    const watch = watchNode(node, ["zookeeper.service"], 0.01);
    await looks(3);
    const { down, samples } = await watch.stop();
    expect(down).toEqual([]);
    expect(samples).toBeGreaterThan(0);
  });

  test("it is down while a unit is not active, and where one was restarted between two looks", async () => {
    const watch = watchNode(node, ["some.service"], 0.01);
    await looks(2);
    show("deactivating", "a");
    await looks(3);
    show("active", "b");
    await looks(3);
    show("active", "c");
    await looks(3);
    const { down } = await watch.stop();
    expect(down).toHaveLength(2);
    for (const [from, to] of down) expect(to).toBeGreaterThanOrEqual(from);
  });

  test.each(["zookeeper.service", "flink-taskmanager.service"])("%s: it stays so where nobody serves", async (unit) => {
    const watch = watchNode(node, [unit], 0.01);
    await looks(2);
    show("active", "b");
    await looks(3);
    expect((await watch.stop()).down).toHaveLength(1);
    const again = watchNode(node, [unit], 0.01);
    await looks(2);
    show("active", "c");
    await looks(2);
    show("active", "d");
    await looks(3);
    // Had it been up in between, it would have been down twice.
    expect((await again.stop()).down).toHaveLength(1);
  });

  test("a machine that cannot be asked fails the watch, and so does a node of which no unit is known", async () => {
    writeFileSync(path.join(folder, "systemctl"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const watch = watchNode(node, ["some.service"], 0.01);
    await expect(watch.stop()).rejects.toThrow(/ended with 1/);
    const named: SessionNode = { name: "lab-node-1", ...node };
    expect(() => DownWatch.start([named], new Map([["lab-node-1", []]]))).toThrow(/lab-node-1 reports no units/);
  });
});
