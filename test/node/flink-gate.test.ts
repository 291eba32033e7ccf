import * as fs from "fs";
import { FlinkGate } from "../../lib/node/agent/flink-gate";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import { temporaryFolder } from "./support/software";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

let folder: string;
let done: string[];
const gateOf = () =>
  new FlinkGate(folder, (units) => {
    done.push(`stop ${units.join(" ")}`);
    return Promise.resolve();
  });
const start = (gate: FlinkGate, unit: string) =>
  gate.start(unit, () => {
    done.push(`start ${unit}`);
    return Promise.resolve();
  });

beforeEach(() => {
  folder = temporaryFolder();
  done = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test("a machine that knows what it ran starts all at once, without the bucket", async () => {
  const gate = gateOf();
  await gate.begin(false);
  await start(gate, ZOOKEEPER_UNIT);
  await start(gate, JOB_MANAGER_UNIT);
  expect([gate.isOpen, gate.isHeld, done]).toEqual([
    true,
    false,
    [`start ${ZOOKEEPER_UNIT}`, `start ${JOB_MANAGER_UNIT}`],
  ]);
});

test("a new machine starts ZooKeeper, and Flink when it may", async () => {
  const gate = gateOf();
  await gate.begin(true);
  await start(gate, ZOOKEEPER_UNIT);
  const waiting = start(gate, JOB_MANAGER_UNIT);
  await new Promise(setImmediate);
  expect(done).toEqual([`start ${ZOOKEEPER_UNIT}`]);
  gate.open();
  await waiting;
  expect(done.at(-1)).toBe(`start ${JOB_MANAGER_UNIT}`);
});

test("what is held is so after a boot, until it is let go", async () => {
  const gate = gateOf();
  await gate.begin(false);
  await gate.hold();
  expect(gate.isOpen).toBe(true);
  const next = gateOf();
  await next.begin(false);
  expect([next.isOpen, next.isHeld]).toEqual([false, true]);
  next.open();
  await next.letGo();
  const last = gateOf();
  await last.begin(false);
  expect([last.isOpen, last.isHeld]).toEqual([true, false]);
});

test("what is just being started is stopped, and what comes after is not started", async () => {
  const gate = gateOf();
  await gate.begin(false);
  let go = () => undefined as void;
  const starting = gate.start(JOB_MANAGER_UNIT, async () => {
    await new Promise<void>((resolve) => (go = resolve));
    done.push("started");
  });
  await new Promise(setImmediate);
  const stopping = gate.stop();
  void start(gate, TASK_MANAGER_UNIT);
  go();
  await Promise.all([starting, stopping]);
  await new Promise(setImmediate);
  expect(done).toEqual(["started", `stop ${TASK_MANAGER_UNIT} ${JOB_MANAGER_UNIT}`]);
  expect([gate.isOpen, gate.wasStopped]).toEqual([false, true]);
});
