import { ILL_AFTER_MILLIS } from "../../../lib/node/agent/roll/illness";
import { ClusterModel } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const LOOK_SECONDS = 5;
/** The window of the model's states, in seconds of its day. */
const OPENS = 600;
const CLOSES = 2_400;
const DAY = 86_400;
const MANY = 60;
const WAITS = { phase: "waiting", reason: "the maintenance window opens at 1970-01-01T00:10:00.000Z" };
const OPENS_AT = "1970-01-01T00:10:00.000Z";

const says = (cluster: ClusterModel) => cluster.nodes.map((node) => node.says);

/** Lets the nodes look until the second of the model's day, from which on they have not looked yet. */
const until = (cluster: ClusterModel, second: number) => cluster.turn((second - cluster.now / 1000) / LOOK_SECONDS - 1);

test("outside of its maintenance window a change waits, and every node tells until when", async () => {
  const cluster = new ClusterModel();
  cluster.want("secondInWindow");
  await until(cluster, OPENS);
  expect(cluster.downs).toEqual([]);
  expect(cluster.lock).toBeUndefined();
  for (const told of says(cluster)) expect(told).toMatchObject({ ...WAITS, opensAt: OPENS_AT });
  expect(await cluster.nodes[0].look()).toBe("later");

  await cluster.turn(MANY, () => cluster.settledOn("secondInWindow"));
  expect(cluster.settledOn("secondInWindow")).toBe(true);
  expect(cluster.downs).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
  await cluster.turn(1);
  expect(says(cluster)).toEqual([undefined, undefined, undefined]);
});

test("a node that has begun ends after the window; the others wait for the next one", async () => {
  const cluster = new ClusterModel();
  cluster.looksToStart = 20;
  cluster.now = (CLOSES - 4 * LOOK_SECONDS) * 1000;
  cluster.want("secondInWindow");
  await cluster.turn(MANY);
  expect(cluster.runs).toEqual(["first", "secondInWindow", "first"]);
  expect(cluster.events.filter((event) => event.includes("released"))).toEqual(["2 released secondInWindow"]);
  expect(cluster.lock).toMatchObject({ owner: null });
  expect(cluster.nodes[1].says).toBeUndefined();
  const tomorrow = "1970-01-02T00:10:00.000Z";
  for (const number of [0, 2]) expect(cluster.nodes[number].says).toMatchObject({ opensAt: tomorrow });

  cluster.now = (DAY + OPENS) * 1000;
  await cluster.turn(2 * MANY, () => cluster.settledOn("secondInWindow"));
  expect(cluster.settledOn("secondInWindow")).toBe(true);
});

test("a node that has stopped nothing when the window closes waits for the next one", async () => {
  const cluster = new ClusterModel();
  cluster.now = (CLOSES - 4 * LOOK_SECONDS) * 1000;
  cluster.want("secondInWindow");
  await cluster.turn(1);
  expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "preparing" });
  cluster.otherJobIsReady = false;
  await cluster.turn(10);
  cluster.otherJobIsReady = true;
  await cluster.turn(10);
  expect(cluster.lock).toMatchObject({ owner: null });
  expect(cluster.downs).toEqual([]);
  expect(cluster.nodes[1].says).toMatchObject({ opensAt: "1970-01-02T00:10:00.000Z" });
});

test("a change without a window waits for none, also where what runs has one", async () => {
  const cluster = new ClusterModel();
  cluster.want("firstInWindow");
  await cluster.turn(MANY, () => cluster.settledOn("firstInWindow"));
  cluster.want("secondInWindow");
  await cluster.turn(5);
  expect(cluster.nodes[0].says).toMatchObject({ opensAt: OPENS_AT });
  cluster.want("second");
  await cluster.turn(MANY, () => cluster.settledOn("second"));
  expect(cluster.settledOn("second")).toBe(true);
  expect(cluster.now).toBeLessThan(OPENS * 1000);
});

test("a change of nothing but the window waits for none", async () => {
  const cluster = new ClusterModel();
  cluster.want("firstInWindow");
  await cluster.turn(MANY, () => cluster.settledOn("firstInWindow"));
  expect(cluster.settledOn("firstInWindow")).toBe(true);
  expect(cluster.now).toBeLessThan(OPENS * 1000);
});

test("a node that is ill takes over at once what may mend it; those that are well wait", async () => {
  const cluster = new ClusterModel();
  cluster.nodes[2].illUnder = "first";
  cluster.want("secondInWindow");
  const second = ILL_AFTER_MILLIS / 1000 + MANY;
  expect(second).toBeLessThan(OPENS);
  await until(cluster, second);
  expect(cluster.runs).toEqual(["first", "first", "secondInWindow"]);
  expect(cluster.nodes[0].says).toMatchObject({ opensAt: OPENS_AT });
});

test("what was never healthy is given up at once", async () => {
  const cluster = new ClusterModel();
  cluster.nodes[1].wasHealthy = false;
  jest.spyOn(cluster.nodes[1], "isUp", "get").mockReturnValue(false);
  cluster.want("secondInWindow");
  expect(await cluster.nodes[1].look()).toBe("try at once");
});

test("where a change has failed, the one that mends it waits for the window as well, if all are well", async () => {
  const cluster = new ClusterModel();
  cluster.want("badInWindow");
  cluster.now = OPENS * 1000;
  await cluster.turn(400, () => cluster.lock?.phase === "failed" && cluster.nodes.every(({ isUp }) => isUp));
  expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed" });
  cluster.now = CLOSES * 1000;
  cluster.want("secondInWindow");
  await cluster.turn(5);
  expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed" });
  expect(cluster.nodes[1].says).toMatchObject({ opensAt: "1970-01-02T00:10:00.000Z" });
  cluster.want("second");
  await cluster.turn(MANY, () => cluster.settledOn("second"));
  expect(cluster.settledOn("second")).toBe(true);
});

describe("certificates that are due", () => {
  const withWindow = async (validityDays: number): Promise<ClusterModel> => {
    const cluster = new ClusterModel();
    cluster.validitySeconds = validityDays * DAY;
    cluster.want("firstInWindow");
    await cluster.turn(MANY, () => cluster.settledOn("firstInWindow"));
    cluster.downs.length = 0;
    return cluster;
  };

  test("are renewed within the window", async () => {
    const cluster = await withWindow(90);
    cluster.now = 60 * DAY * 1000;
    await cluster.turn(5);
    expect(cluster.downs).toEqual([]);
    expect(cluster.nodes[0].says).toMatchObject({ opensAt: "1970-03-02T00:10:00.000Z" });
    cluster.now = (60 * DAY + OPENS) * 1000;
    await cluster.turn(MANY, () => cluster.isRenewed);
    expect(cluster.isRenewed).toBe(true);
    expect(cluster.downs).toHaveLength(3);
  });

  test("do not wait for a window that comes too late for them", async () => {
    const cluster = await withWindow(1);
    cluster.now = (DAY * 2 * 1000) / 3;
    await cluster.turn(MANY, () => cluster.isRenewed);
    expect(cluster.isRenewed).toBe(true);
  });

  test("and wait for it do not hold up a change that does not", async () => {
    const cluster = await withWindow(90);
    cluster.now = 60 * DAY * 1000;
    cluster.want("second");
    await cluster.turn(2 * MANY, () => cluster.runs.every((each) => each === "second"));
    expect(cluster.runs).toEqual(["second", "second", "second"]);
  });
});
