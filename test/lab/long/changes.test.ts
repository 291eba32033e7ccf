import { writeChangesRecord } from "../../scenarios/change-record";
import type { DeploymentSettings } from "../../scenarios/deployment";
import { readReports } from "../../scenarios/node-reports";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** What touches machines, under running jobs. It takes most of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const COUNTING_JOBS = 9;
/** Two nodes hold all jobs. */
const SLOTS = 6;
const SLOTS_OF_JOBS = COUNTING_JOBS + 2;
/** Of four nodes this leaves too few to do without one. */
const FILLING_SLOTS = NODE_COUNT * SLOTS - SLOTS_OF_JOBS + 1;
const SMALL = "c7i.large";
const LARGE = "m7i.large";
/** For a machine that never comes up. */
const SHORT_PATIENCE = "2m";

jest.setTimeout(60 * MINUTE);

/** A job that takes slots, and nothing else. */
const FILLER = [
  `SET 'parallelism.default' = '${FILLING_SLOTS}';`,
  "SET 'pipeline.name' = 'filler';",
  "CREATE TABLE drops (n INT) WITH ('connector'='datagen', 'rows-per-second'='1');",
  "CREATE TABLE nowhere (n INT) WITH ('connector'='blackhole');",
  "INSERT INTO nowhere SELECT n FROM drops;",
  "",
].join("\n");

describe("changes of machines under nine jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: true, overcommit: 2 });
    session = new RollingSession(lab, { instanceType: SMALL, numberOfTaskSlots: SLOTS }, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const names = (): readonly string[] => session.nodes.map(({ name }) => name);

  const leader = async (): Promise<string> => {
    const leading = await lab.waitFor(async () => (await readReports(session.deployment)).find(({ leads }) => leads), {
      ...{ timeout: 2 * MINUTE, interval: 1000, what: "a node to report that it leads" },
    });
    return leading.node;
  };

  /** Changes a setting, and waits until all nodes run it and are well. */
  const change = async (settings: Partial<DeploymentSettings>): Promise<void> => {
    await session.deployment.change(settings);
    await session.deployment.waitUntilHealthy(15);
  };

  const plansNothing = async (): Promise<void> =>
    expect(await session.deployment.plannedActions("streaming")).toEqual([{}]);

  const typesOfMachines = async (): Promise<readonly string[]> => {
    const ids = session.machines().map(({ id }) => id);
    const { instances } = await lab.account();
    return instances.filter(({ id }) => ids.includes(id)).map(({ type, state }) => `${type} ${state}`);
  };

  /** Holds when something has happened that is to happen while another act goes on, or that act has ended. */
  const during = async <T>(act: Promise<unknown>, happened: () => T | undefined): Promise<T | undefined> => {
    let isOver = false;
    const over = (): void => void (isOver = true);
    act.then(over, over);
    // Within milliseconds, as it is to be the middle of it.
    const options = { timeout: 30 * MINUTE, interval: 5, what: "what happens meanwhile" };
    const { found } = await lab.waitFor(() => {
      const found = happened();
      return found === undefined && !isOver ? undefined : { found };
    }, options);
    return found;
  };

  /** Tells, from now on, when so many machines of nodes have been told to stop. */
  const whenStopped = (count: number): (() => true | undefined) => {
    const [seen, ids] = [lab.events.length, Object.values(session.machineIds())];
    return () => {
      const orders = lab.events.slice(seen).filter(({ action }) => action === "StopInstances");
      return ids.filter((id) => orders.some((order) => order.ids.includes(id))).length >= count || undefined;
    };
  };

  /** Makes the machine of one node anew. */
  const replaceOne = async (node: string): Promise<void> => {
    const before = session.machineIds();
    expect(await session.replace(node, "--timeout", "10m")).toMatchObject({ code: 0 });
    const { [node]: own, ...others } = session.machineIds();
    expect(own).not.toBe(before[node]);
    expect(before).toMatchObject(others);
    await session.meetNodes();
  };

  const slotsInUse = async (): Promise<number | undefined> => {
    const { flink } = await session.deployment.statusByName();
    return flink && flink.slotsTotal - flink.slotsFree;
  };

  const waitForSlotsInUse = (count: number): Promise<unknown> =>
    lab.waitFor(async () => (await slotsInUse()) === count, {
      ...{ timeout: 3 * MINUTE, interval: 2000, what: `the leader to report ${count} slots in use` },
    });

  step("applies", () => session.apply());

  step("runs ten jobs", () => session.runJobs());

  step("stays with one machine away at most, and all jobs, when the operator's laptop is closed half-way", async () => {
    await session.changed(`${SMALL} to ${LARGE}, the apply killed at its second machine`, async () => {
      const killer = new AbortController();
      const isSecondStopped = whenStopped(2);
      const apply = session.deployment.changeUntilKilled({ instanceType: LARGE }, killer.signal);
      await during(apply, isSecondStopped);
      killer.abort();
      await apply;
      console.log(`killed with machines of ${(await typesOfMachines()).join(", ")}`);
      await session.everyJobRuns();
    });
  });

  step("goes on where it was cut", async () => {
    await session.changed("the same again, to its end, and the roll after it", () => change({ instanceType: LARGE }));
    expect(await typesOfMachines()).toEqual(names().map(() => `${LARGE} running`));
    await plansNothing();
  });

  step("gets smaller again, one machine after the other", async () => {
    const { nodes } = await session.changed(`${LARGE} to ${SMALL}`, () => change({ instanceType: SMALL }));
    expect(nodes.filter(({ down }) => down.length > 0)).toHaveLength(NODE_COUNT);
    expect(await typesOfMachines()).toEqual(names().map(() => `${SMALL} running`));
    await plansNothing();
  });

  step("stops at the first machine that does not come up, and makes it anew once more", async () => {
    let failed: Machine | undefined;
    await session.changed("replace --all, whose first machine does not come up", async () => {
      const before = session.machineIds();
      const all = session.replace("--all", "--force", "--timeout", SHORT_PATIENCE);
      failed = await during(all, () => session.machines().find(({ name, id }) => before[name] !== id));
      if (failed) await lab.cut(failed);
      const { code, stderr } = await all;
      expect(failed?.name).not.toBe(await leader());
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`could call ${failed?.name} well`) });
      // Nobody touches a second one.
      const { [failed!.name]: made, ...others } = session.machineIds();
      expect(made).toBe(failed!.id);
      expect(before).toMatchObject(others);
      await session.everyJobRuns();
    });
    await lab.heal(failed!);
    await session.changed("replace of a node that did not come up", () => replaceOne(failed!.name));
  });

  step("gets a fourth node, and nothing restarts", async () => {
    const { nodes } = await session.changed("3 to 4 nodes", async () => {
      await change({ nodeCount: NODE_COUNT + 1 });
      await session.waitForTaskManagers(NODE_COUNT + 1);
    });
    expect(nodes.filter(({ down }) => down.length > 0)).toEqual([]);
    await session.meetNodes();
    await plansNothing();
  });

  step("replaces the leader", async () => {
    const node = await leader();
    await session.changed("replace of the leader", () => replaceOne(node));
    await plansNothing();
  });

  step("keeps a node that the jobs need, and lets it go when they do not", async () => {
    const leaving = names().at(-1)!;
    const fewer = { nodeCount: NODE_COUNT };
    await session.changed("4 to 3 nodes, refused", async () => {
      const before = session.machineIds();
      const [filler] = await session.submit(FILLER);
      await waitForSlotsInUse(SLOTS_OF_JOBS + FILLING_SLOTS);
      const refusal = await session.deployment.change(fewer).then(String, String);
      expect(refusal.replace(/[\s│]+/g, " ")).toContain(
        `${leaving} cannot go, and nothing was touched: the jobs have ${SLOTS_OF_JOBS + FILLING_SLOTS} slots, and the ${NODE_COUNT} nodes that stay have ${NODE_COUNT * SLOTS}`,
      );
      expect(session.machineIds()).toEqual(before);
      await session.cancel(filler);
      await waitForSlotsInUse(SLOTS_OF_JOBS);
    });
    const removal = async (): Promise<void> => {
      await change(fewer);
      await session.waitForTaskManagers(NODE_COUNT);
    };
    await session.changed("4 to 3 nodes", removal, [leaving]);
    await session.meetNodes();
    expect(Object.keys(session.machineIds())).not.toContain(leaving);
    await plansNothing();
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const file = writeChangesRecord({
      title: "Changes of machines",
      of: "test/lab/long/changes.test.ts",
      about: [
        `Three nodes of ${SMALL} with ${SLOTS} slots each, ${COUNTING_JOBS} counting jobs and the numbered stream, checkpoints every 5 seconds, a restart`,
        "delay of 10 seconds. No job failed. Java compiles little here, and so starts sooner. A data volume was not grown, as this",
        "host may not grow a mounted file system.",
      ],
      ...{ changes: session.changes, contents },
    });
    console.log(`written: ${file}`);
  });
});
