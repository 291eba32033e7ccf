import { resizeMachines, type ResizeOptions } from "../../../lib/operate/machines/resize";
import { NO_PROGRESS, type TaskProgress } from "../../../lib/software/progress";
import { sha256, World } from "./world";

const resize = async (world: World, options: Partial<ResizeOptions> = {}): Promise<readonly string[]> => {
  const changed = await resizeMachines({
    ...{ from: world.from, service: world, nodes: world.nodes, instanceType: "m7i.xlarge", only: "larger" },
    ...{ timeoutMillis: 60_000, pollMillis: 1, ...options },
  });
  expect(world.done.filter((each) => each.includes("is away"))).toEqual([]);
  return changed;
};

/** A second goes by with each question for the time: what takes time takes looks, however busy this machine is. */
function tellTimeByLooks(): void {
  let now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => (now += 1000));
}

afterEach(() => jest.restoreAllMocks());

const changeOf = (id: string, type = "m7i.xlarge"): string[] => [`stop ${id}`, `start ${id} as ${type}`];

test("one machine after the other, the next one when the node is well again, the leader last", async () => {
  const world = new World();
  world.node(1).leads = true;
  await expect(resize(world)).resolves.toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
  expect(world.done).toEqual([...changeOf("i-2"), ...changeOf("i-3"), ...changeOf("i-1")]);
  expect(world.lock).toMatchObject({ owner: null, generation: 3 });
});

test("while a machine is away the lock of the rolling change is its node's", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.onStop = () => seen.push(world.lock);
  await resize(world);
  expect(seen).toEqual(
    [1, 2, 3].map((number) =>
      expect.objectContaining({
        owner: `orders-node-${number}`,
        phase: "preparing",
        change: { kind: "machine", sha256: sha256("a machine of m7i.xlarge"), reason: "a machine of m7i.xlarge" },
      }),
    ),
  );
});

test("what is as it shall be is left alone, and a cut run goes on", async () => {
  const world = new World();
  world.node(1).instanceType = "m7i.xlarge";
  world.node(2).state = "stopped";
  world.node(2).instanceType = "m7i.xlarge";
  world.lock = { owner: "orders-node-2", phase: "preparing", change: { kind: "machine", sha256: "", reason: "" } };
  await expect(resize(world, { timeoutMillis: 5 })).rejects.toThrow(
    "a machine of the cluster is changed by somebody else",
  );
  expect(world.done).toEqual([]);
  world.lockAge = 150;
  await expect(resize(world)).resolves.toEqual(["orders-node-2", "orders-node-3"]);
  expect(world.done).toEqual(["start i-2 as m7i.xlarge", ...changeOf("i-3")]);
  await expect(resize(world)).resolves.toEqual([]);
});

describe("larger and smaller", () => {
  test.each([
    ["larger", "m7i.large", "m7i.xlarge", 3],
    ["larger", "m7i.large", "c7i.xlarge", 3],
    ["larger", "m7i.xlarge", "m7i.large", 0],
    ["smaller", "m7i.xlarge", "m7i.large", 3],
    ["smaller", "m7i.xlarge", "r7i.large", 0],
    ["smaller", "m7i.large", "m7i.xlarge", 0],
  ] as const)("the pass of %s ones, from %s to %s: %d machines", async (only, from, to, count) => {
    const world = new World(from);
    await expect(resize(world, { only, instanceType: to })).resolves.toHaveLength(count);
    expect(world.types).toEqual(Array(3).fill(count === 0 ? from : to));
  });

  test("a smaller machine waits until its node runs what fits it", async () => {
    const world = new World("m7i.xlarge");
    world.tell("for m7i.large");
    const smaller = resize(world, { only: "smaller", instanceType: "m7i.large", timeoutMillis: 5 });
    await expect(smaller).rejects.toThrow("orders-node-1 does not run the new desired state yet");
    expect(world.done).toEqual([]);
    world.nodes.forEach((node) => (node.runs = sha256(world.desired)));
    await expect(resize(world, { only: "smaller", instanceType: "m7i.large" })).resolves.toHaveLength(3);
  });

  test("a machine that was left stopped is started first, to take over what fits the smaller one", async () => {
    const world = new World("m7i.xlarge");
    world.tell("for m7i.large");
    world.nodes.forEach((node) => (node.runs = sha256(world.desired)));
    world.node(2).state = "stopped";
    world.node(2).runs = sha256("of before");
    const task = (name: string): TaskProgress => ({
      ...NO_PROGRESS.task(name),
      // It takes it over when it runs.
      note: () => world.node(2).state === "running" && (world.node(2).runs = sha256(world.desired)),
    });
    const smaller = resize(world, { only: "smaller", instanceType: "m7i.large", progress: { ...NO_PROGRESS, task } });
    await expect(smaller).resolves.toEqual(["orders-node-2", "orders-node-1", "orders-node-3"]);
    expect(world.done).toEqual([
      ...["start i-2 as m7i.xlarge", "stop i-2", "start i-2 as m7i.large"],
      ...[...changeOf("i-1", "m7i.large"), ...changeOf("i-3", "m7i.large")],
    ]);
  });

  test("a type that the zone of one machine lacks is refused before any is stopped", async () => {
    const world = new World();
    world.zonesWithout.set("eu-west-1b", "m7i.xlarge");
    await expect(resize(world)).rejects.toThrow(
      "orders-node-2 cannot become a m7i.xlarge, and no machine is touched for it: it stands in eu-west-1b, and AWS has that type in eu-west-1a, eu-west-1c alone. Name another type, and deploy again",
    );
    expect(world.done).toEqual([]);
    // One that has it already needs none.
    world.node(2).instanceType = "m7i.xlarge";
    await expect(resize(world)).resolves.toEqual(["orders-node-1", "orders-node-3"]);
  });

  test("a maintenance window that opens too late for it is told at once", async () => {
    const world = new World("m7i.xlarge");
    world.tell("for m7i.large");
    world.nodes.forEach((node) => (node.opensAt = "9999-12-06T02:00:00.000Z"));
    await expect(resize(world, { only: "smaller", instanceType: "m7i.large" })).rejects.toThrow(
      "orders-node-1 cannot become a m7i.large now: orders-node-1 does not run the new desired state yet, which fits the smaller machine: " +
        "the maintenance window opens at 9999-12-06T02:00:00.000Z",
    );
    expect(world.done).toEqual([]);
  });

  test("a roll may take longer than a machine, as long as one node after the other has taken it over", async () => {
    const world = new World("m7i.xlarge");
    world.tell("for m7i.large");
    const begun = Date.now();
    const now = jest.spyOn(Date, "now");
    let looks = 0;
    const task = (name: string): TaskProgress => ({
      ...NO_PROGRESS.task(name),
      note: (text) => {
        if (!text.includes("does not run the new desired state yet")) return;
        looks += 1;
        now.mockReturnValue(begun + looks * 50_000);
        world.node(4 - looks).runs = sha256(world.desired);
      },
    });
    const smaller = resize(world, { only: "smaller", instanceType: "m7i.large", progress: { ...NO_PROGRESS, task } });
    await expect(smaller).resolves.toHaveLength(3);
  });

  test("a roll that stopped is told at once where it keeps a machine from getting smaller", async () => {
    const world = new World("m7i.xlarge");
    world.tell("for m7i.large");
    world.lock = { ...failedRoll, owner: "orders-node-3" };
    await expect(resize(world, { only: "smaller", instanceType: "m7i.large" })).rejects.toThrow(
      "orders-node-1 cannot become a m7i.large now: the rolling change to a new desired state () stopped at orders-node-3 since x: bad",
    );
  });
});

const failedRoll = {
  phase: "failed" as const,
  change: { kind: "desired-state", sha256: "", reason: "a new desired state" },
  reason: "bad",
};

describe("what keeps a machine from being stopped", () => {
  test("another node that is ill", async () => {
    const world = new World();
    world.node(2).looksUntilWell = Infinity;
    world.node(3).looksUntilWell = Infinity;
    await expect(resize(world, { timeoutMillis: 5 })).rejects.toThrow(
      "one node too many: orders-node-3 is starting: the units start",
    );
    expect(world.done).toEqual([]);
  });

  test("nodes of which nobody hears, however long, as they may run jobs", async () => {
    tellTimeByLooks();
    const world = new World();
    world.reportAge = 3600;
    await expect(resize(world, { timeoutMillis: 900_000 })).rejects.toThrow("one node too many: orders-node-");
    expect(world.done).toEqual([]);
  });

  test("not nodes that all tell that they are ill, for minutes: another machine may be what they lack", async () => {
    tellTimeByLooks();
    const world = new World();
    for (const node of world.nodes) Object.assign(node, { looksUntilWell: Infinity, illAs: ["m7i.xlarge"] });
    const { from, nodes } = world;
    const options = { instanceType: "m7i.xlarge", only: "larger", timeoutMillis: 900_000, pollMillis: 1 } as const;
    await resizeMachines({ from, service: world, nodes, ...options });
    expect(world.types).toEqual(["m7i.xlarge", "m7i.xlarge", "m7i.xlarge"]);
  });

  test("a node that rolls, however well all are", async () => {
    const world = new World();
    world.lock = { ...failedRoll, owner: "orders-node-3", phase: "applying", reason: undefined };
    await expect(resize(world, { timeoutMillis: 5 })).rejects.toThrow(
      /^orders-node-1 was not stopped to become a m7i.xlarge, .* one node too many: orders-node-3 takes over a new desired state/,
    );
    expect(world.done).toEqual([]);
  });

  test("not a roll that has stopped, which is stopped again afterwards", async () => {
    const world = new World();
    world.lock = { ...failedRoll, owner: "orders-node-3" };
    await expect(resize(world)).resolves.toHaveLength(3);
    expect(world.lock).toMatchObject({ owner: "orders-node-3", phase: "failed", reason: "bad" });
  });

  test("a job that does not run, until it does", async () => {
    const world = new World();
    world.node(1).leads = true;
    world.jobs = [
      { name: "over", state: "FINISHED" },
      { name: "payments", state: "RESTARTING" },
    ];
    await expect(resize(world, { timeoutMillis: 5 })).rejects.toThrow(
      "one node too many: the job payments (00000000000000000000000000000000) is RESTARTING",
    );
    expect(world.done).toEqual([]);
    world.jobs[1].state = "RUNNING";
    await expect(resize(world)).resolves.toHaveLength(3);
  });

  test("no word of the jobs since the machine before came back, where there was one before", async () => {
    const world = new World();
    world.node(3).leads = true;
    world.jobs = [{ name: "payments", state: "RUNNING" }];
    world.onStop = () => (world.jobs = undefined);
    const controller = new AbortController();
    const task = (name: string): TaskProgress => ({
      ...NO_PROGRESS.task(name),
      note: (text) => text === "waits: no node has told yet how the jobs are" && controller.abort(),
    });
    const { signal } = controller;
    await expect(resize(world, { progress: { ...NO_PROGRESS, task }, signal })).rejects.toThrow(
      "interrupted before orders-node-2",
    );
    expect(world.done).toEqual(changeOf("i-1"));
  });

  test("a node that is ill, also where the desired state was lost", async () => {
    const world = new World();
    world.desired = "";
    world.node(2).looksUntilWell = Infinity;
    world.node(3).looksUntilWell = Infinity;
    await expect(resize(world, { timeoutMillis: 5 })).rejects.toThrow("one node too many");
    expect(world.done).toEqual([]);
  });

  test("nothing, where no node has ever told of itself", async () => {
    const world = new World();
    world.nodes.forEach((node) => (node.reports = false));
    await expect(resize(world)).resolves.toHaveLength(3);
    expect(world.lock).toBeUndefined();
  });
});

describe("a machine that does not become well", () => {
  test("does not start: it gets its type back, and all others are left alone", async () => {
    const world = new World();
    world.node(2).noCapacityFor = ["m7i.xlarge"];
    await expect(resize(world)).rejects.toThrow(
      /^orders-node-2 as m7i.xlarge: .*sufficient capacity; it is a m7i.large again and well, and no further machine of orders is stopped$/,
    );
    expect(world.types).toEqual(["m7i.xlarge", "m7i.large", "m7i.large"]);
    expect(world.node(3).boots).toBe(1);
    expect(world.lock).toMatchObject({ owner: null });
  });

  test("starts and is not well: the same", async () => {
    const world = new World();
    world.node(1).illAs = ["m7i.xlarge"];
    tellTimeByLooks();
    await expect(resize(world, { timeoutMillis: 200_000 })).rejects.toThrow(
      /^orders-node-1 as m7i.xlarge: it is not well after 3 minutes: the units start; it is a m7i.large again and well/,
    );
    expect(world.types).toEqual(["m7i.large", "m7i.large", "m7i.large"]);
  });

  test("was ill before and does not start: it runs again with its old type", async () => {
    const world = new World();
    Object.assign(world.node(2), { looksUntilWell: Infinity, noCapacityFor: ["m7i.xlarge"] });
    await expect(resize(world)).rejects.toThrow(
      /^orders-node-2 as m7i.xlarge: .*sufficient capacity; it is a m7i.large again/,
    );
    expect(world.types).toEqual(["m7i.large", "m7i.large", "m7i.large"]);
    expect(world.node(2).state).toBe("running");
  });

  test("was ill before: it stays with its new type, and going back changes it first", async () => {
    const world = new World();
    world.node(2).looksUntilWell = Infinity;
    world.node(2).illAs = ["m7i.xlarge"];
    await expect(resize(world, { timeoutMillis: 20 })).rejects.toThrow(/^orders-node-2 as m7i.xlarge: .*; it stays so/);
    expect(world.types).toEqual(["m7i.large", "m7i.xlarge", "m7i.large"]);
    await expect(resize(world, { only: "smaller", instanceType: "m7i.large" })).resolves.toEqual(["orders-node-2"]);
  });
});

test("an interruption lets the machine at hand start, and touches no other", async () => {
  const world = new World();
  const controller = new AbortController();
  world.onStop = () => controller.abort();
  await expect(resize(world, { signal: controller.signal })).rejects.toThrow(
    "interrupted before orders-node-2, whose machine was not touched: deploy again to go on",
  );
  expect(world.done).toEqual(changeOf("i-1"));
  expect(world.lock).toMatchObject({ owner: null });
});
