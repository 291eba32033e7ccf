import { AuxiliaryUnits } from "../../lib/node/agent/auxiliary-units";
import { Supervisor } from "../../lib/node/agent/supervisor";
import { showUnits, startUnit, type UnitState } from "../../lib/node/agent/systemd";
import type { UnitReport } from "../../lib/node/report";

jest.mock("../../lib/node/agent/systemd");

const NAME = "flink-log-exporter.service";
const running = (changes: Partial<UnitState> = {}): UnitState => ({
  ...{ name: NAME, active: true, state: "active (running)", restarts: 0, since: "2026-11-29T10:00:00.000Z" },
  ...changes,
});
const notRunning = (state: string, restarts = 0): UnitState => ({ name: NAME, active: false, state, restarts });

describe("units beside the work of a node", () => {
  let now: number;
  let unit: UnitState;
  let canStart: () => Promise<void>;
  let order: string[];
  let units: AuxiliaryUnits;

  beforeEach(() => {
    now = Date.parse("2026-11-29T10:00:10.000Z");
    unit = running();
    order = [];
    canStart = () => Promise.resolve();
    const note = (what: string) => (name: string) => (order.push(`${what} ${name}`), Promise.resolve());
    const control = {
      show: () => Promise.resolve([unit]),
      start: (name: string) => (order.push(`start ${name}`), canStart()),
    };
    units = new AuxiliaryUnits([NAME], note("record"), control, () => now);
    jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  });

  const problem = async (): Promise<string | undefined> => (await units.look()).get(NAME);

  test("are left alone where they run, or systemd is about to start or stop them", async () => {
    for (const state of [
      running(),
      notRunning("activating (Result: exit-code)", 1),
      notRunning("deactivating (stop-sigterm)"),
    ]) {
      unit = state;
      expect(await problem()).toBeUndefined();
    }
    expect(order).toEqual([]);
  });

  test.each(["inactive (dead)", "failed (Result: oom-kill)"])("are started where they are %s", async (state) => {
    unit = notRunning(state);
    expect(await problem()).toBeUndefined();
    expect(order).toEqual([`record ${NAME}`, `start ${NAME}`]);
  });

  test("are tried again with each look while they cannot be started, and that is said", async () => {
    unit = notRunning("inactive (dead)");
    canStart = () => Promise.reject(new Error("Unit is masked"));
    for (let look = 0; look < 2; look++) {
      expect(await problem()).toBe(`${NAME} is inactive (dead) and cannot be started: Unit is masked`);
    }
    expect(order.filter((step) => step.startsWith("start"))).toHaveLength(2);
    canStart = () => Promise.resolve();
    expect(await problem()).toBeUndefined();
  });

  test("that end again and again are told of until one stays for a minute", async () => {
    expect(await problem()).toBeUndefined();
    // Killed once: systemd has made up for it.
    unit = running({ restarts: 1, since: "2026-11-29T10:00:05.000Z" });
    expect(await problem()).toBeUndefined();
    unit = notRunning("activating (Result: exit-code)", 2);
    expect(await problem()).toBe(`${NAME} ends again and again, 2 times so far`);
    unit = running({ restarts: 3, since: "2026-11-29T10:00:09.000Z" });
    expect(await problem()).toBe(`${NAME} ends again and again, 3 times so far`);
    now = Date.parse("2026-11-29T10:01:09.000Z");
    expect(await problem()).toBeUndefined();
    unit = running({ restarts: 4, since: "2026-11-29T10:01:09.000Z" });
    expect(await problem()).toBeUndefined();
  });

  test("are counted anew where systemd counts anew, and not for what was before the agent", async () => {
    unit = running({ restarts: 7, since: "2026-11-29T10:00:09.000Z" });
    expect(await problem()).toBeUndefined();
    unit = running({ restarts: 0, since: "2026-11-29T10:00:10.000Z" });
    expect(await problem()).toBeUndefined();
    unit = running({ restarts: 2, since: "2026-11-29T10:00:10.000Z" });
    expect(await problem()).toBe(`${NAME} ends again and again, 2 times so far`);
  });

  test("are no part of what makes a node healthy or not", async () => {
    const main = { ...running(), name: "flink-jobmanager.service" };
    const states: Readonly<Record<string, UnitState>> = { [main.name]: main, [NAME]: notRunning("failed (Result: x)") };
    const show = jest.mocked(showUnits);
    show.mockImplementation((names) => Promise.resolve(names.map((name) => states[name])));
    const told: [readonly UnitReport[], boolean][] = [];
    const reporter = { setUnits: (reports: readonly UnitReport[], all: boolean) => told.push([reports, all]) };
    const specs = [main.name, NAME].map((name) => ({
      ...{ name, content: "" },
      ...(name === NAME ? { auxiliary: true as const } : {}),
    }));
    const node = { name: "orders-node-1", host: "h", files: [], units: [main.name, NAME] };
    const supervisor = new Supervisor(specs, node, reporter as never);
    await supervisor.start(new AbortController().signal);
    await supervisor.check();
    expect(startUnit).not.toHaveBeenCalled();
    expect(told).toEqual([[[main], true]]);
    expect(show.mock.calls.flatMap(([names]) => names)).not.toContain(NAME);
  });
});
