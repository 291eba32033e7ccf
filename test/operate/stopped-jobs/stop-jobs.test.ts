import { existsSync, readdirSync } from "node:fs";
import type { StoppedJob } from "../../../lib/operate/stopped-jobs/jobs-file";
import { JobsUnderTest, Killed, PLACE } from "./jobs-under-test";
import { checkpointOf, PlayedFlink } from "./played-flink";

const TRACE = [
  "java.util.concurrent.CompletionException: java.lang.RuntimeException: It is not so.",
  "\tat org.example.Some.method(Some.java:1)",
  "Caused by: java.lang.RuntimeException: It is not so.",
  "\tat org.example.Some.other(Some.java:2)",
  "",
].join("\n");
const NOT_CANONICAL = `${TRACE}Caused by: java.lang.UnsupportedOperationException: Not supported yet.\n`;

let under: JobsUnderTest;
beforeEach(() => void (under = new JobsUnderTest()));
afterEach(() => under.end());

/** What the file has of a job whose stop has ended well. */
const stoppedWith = (savepoint: string) => ({
  savepoint: `s3p://bucket/savepoints/orders/${savepoint}`,
  format: "canonical",
  flink: "2.2.1",
});
const savepoints = (): readonly unknown[] => under.read().jobs.map(({ name, savepoint }) => [name, savepoint]);
const stops = (): readonly string[] => under.flink.asked.filter((path) => path.startsWith("POST"));

test("every job that has not ended is stopped with a canonical savepoint, and written down", async () => {
  const orders = under.flink.begin("orders");
  under.flink.begin("over", { state: "CANCELED" });
  const returns = under.flink.begin("returns");
  await under.stop([{ id: "1", name: "returns", submit: ["sql", "-f", "returns.sql"] }]);
  expect(under.read()).toEqual({
    schemaVersion: 1,
    ...PLACE,
    jobs: [
      { id: orders, name: "orders", ...stoppedWith("savepoint-1"), submit: [] },
      { id: returns, name: "returns", ...stoppedWith("savepoint-2"), submit: ["sql", "-f", "returns.sql"] },
    ],
  });
  expect(stops()).toHaveLength(2);
  expect(readdirSync(under.folder)).toEqual(["jobs.json"]);
});

test("the same again does nothing more, and a cluster without jobs has an empty file", async () => {
  await under.stop();
  expect(under.read().jobs).toEqual([]);
  under.flink.begin("orders");
  await under.stop();
  const before = under.read();
  await under.stop();
  expect(under.read()).toEqual(before);
  expect(stops()).toHaveLength(1);
});

test("a state that cannot be written canonically is written natively, when the job that fell by it is back", async () => {
  const id = under.flink.begin("orders");
  under.flink.failureOfTask = (_, format) => (format === "CANONICAL" ? NOT_CANONICAL : undefined);
  let states: string[] = [];
  under.onStep = () => void states.push(under.flink.jobs.get(id)!.state);
  await under.stop();
  states = states.filter((state, index) => state !== states[index - 1]);
  expect(states).toEqual(["RUNNING", "RESTARTING", "RUNNING", "FINISHED"]);
  expect(under.read().jobs).toMatchObject([
    { format: "native", savepoint: "s3p://bucket/savepoints/orders/savepoint-1" },
  ]);
});

test("a job that falls by its savepoint is told with why it fell", async () => {
  const id = under.flink.begin("orders");
  under.flink.failureOfTask = () => TRACE;
  await expect(under.stop()).rejects.toThrow(
    `the job orders (${id}) could not be stopped (CheckpointException: Checkpoint Coordinator is suspending; its last failure: RuntimeException: It is not so); no job was stopped; not stopped: orders (${id}): mend it`,
  );
});

test("nothing is stopped where not all tasks of a job run", async () => {
  under.flink.begin("orders");
  const id = under.flink.begin("returns", { state: "RESTARTING" });
  await expect(under.stop()).rejects.toThrow(
    `the job returns (${id}) cannot be stopped, as it is RESTARTING and not all its tasks run, and no job was touched now: mend or cancel it, and run the same command again`,
  );
  expect([stops(), existsSync(under.file)]).toEqual([[], false]);
});

test("a savepoint that fails is told with what remains, and the same again goes on", async () => {
  const [orders, returns] = [under.flink.begin("orders"), under.flink.begin("returns")];
  under.flink.failureOfStop = (name) => (name === "returns" ? TRACE : undefined);
  await expect(under.stop()).rejects.toThrow(
    `the job returns (${returns}) could not be stopped (RuntimeException: It is not so); orders (${orders}) stopped, with savepoints in ${under.file}; not stopped: returns (${returns}): mend it and run the same command again, or begin what was stopped again with \`npx cdktf-flink jobs resume ${under.file}\``,
  );
  expect(savepoints()).toEqual([
    ["orders", "s3p://bucket/savepoints/orders/savepoint-1"],
    ["returns", undefined],
  ]);
  under.flink.failureOfStop = () => undefined;
  await under.stop();
  expect(savepoints()).toEqual([
    ["orders", "s3p://bucket/savepoints/orders/savepoint-1"],
    ["returns", "s3p://bucket/savepoints/orders/savepoint-2"],
  ]);
});

test("a job that comes to its end meanwhile is none of the file", async () => {
  const id = under.flink.begin("orders");
  let isListed = false;
  under.onStep = () => {
    if (isListed) under.flink.jobs.get(id)!.state = "FINISHED";
    isListed = existsSync(under.file);
  };
  await under.stop();
  expect(under.read().jobs).toEqual([]);
});

test("one that fails before it is stopped is told", async () => {
  const id = under.flink.begin("orders");
  under.onStep = () => {
    if (existsSync(under.file)) under.flink.jobs.get(id)!.state = "FAILED";
  };
  await expect(under.stop()).rejects.toThrow(`the job orders (${id}) has failed before it could be stopped`);
});

test("a job that has not ended in its time is told, and waited for the next time", async () => {
  const id = under.flink.begin("orders");
  under.timeoutMillis = 0;
  await expect(under.stop()).rejects.toThrow(
    `the job orders (${id}) is not stopped yet: run the same command again to wait for it`,
  );
  under.timeoutMillis = 60_000;
  await under.stop();
  expect([savepoints(), stops()]).toEqual([
    [["orders", "s3p://bucket/savepoints/orders/savepoint-1"]],
    [expect.any(String)],
  ]);
});

test("what went on from a savepoint takes the place of it when it is stopped, and keeps how it is begun", async () => {
  const id = under.flink.begin("orders");
  const submit = ["sql", "-f", "orders.sql"];
  under.write([{ id: "b".repeat(32), name: "orders", savepoint: "s3p://b/old", submit, resumed: { id, at: "then" } }]);
  await under.stop();
  expect(under.read().jobs).toEqual([{ id, name: "orders", ...stoppedWith("savepoint-1"), submit }]);
});

test("a savepoint is of the Flink that ran its job, also where the nodes ran another one before that was seen", async () => {
  under.flink.begin("orders");
  under.timeoutMillis = 0;
  await expect(under.stop()).rejects.toThrow("is not stopped yet");
  [under.flink.version, under.timeoutMillis] = ["2.3.0", 60_000];
  await under.stop();
  expect(under.read().jobs).toMatchObject([
    { savepoint: "s3p://bucket/savepoints/orders/savepoint-1", flink: "2.2.1" },
  ]);
});

test("a stop that was begun by a command of before says no version", async () => {
  const id = under.flink.begin("orders");
  const stopping = { id, triggerId: "a".repeat(32), format: "canonical" } as const;
  under.write([{ id, name: "orders", submit: [], stopping }]);
  await under.stop();
  expect(under.read().jobs).toEqual([
    { id, name: "orders", savepoint: "s3p://bucket/savepoints/orders/savepoint-1", format: "canonical", submit: [] },
  ]);
});

describe("a job that went on from its savepoint and ended since", () => {
  const goneOn = (resumed: object): StoppedJob => {
    return { id: "b".repeat(32), name: "orders", savepoint: "s3p://b/old", submit: [], resumed } as StoppedJob;
  };

  test.each([
    ["CANCELED", {}],
    ["FINISHED", { begun: "then" }],
    ["CANCELED", { begun: "then", at: "then" }],
    [undefined, { begun: "then" }],
    [undefined, { at: "then" }],
  ])("is taken out of the file where it is %s, and %j is known of it", async (state, known) => {
    const other = under.flink.begin("other");
    const id = under.flink.begin("orders", { state });
    if (state === undefined) under.flink.jobs.delete(id);
    under.write([goneOn({ id, ...known })]);
    await under.stop();
    expect(under.read().jobs.map((job) => job.id)).toEqual([other]);
    expect(under.told).toContain(
      `orders (${"b".repeat(32)}) went on as ${id} and has ended since, so it is taken out of ${under.file}: what is left of it, if it failed, lies below s3p://bucket/checkpoints/orders/${id}`,
    );
    under.flink.jobs.clear();
    under.write(under.read().jobs.map((job) => ({ ...job, submit: ["sql", "-f", under.script()] })));
    await under.resume();
    expect(under.flink.running("orders")).toEqual([]);
  });

  test("stays where it failed, and is not begun from its savepoint again", async () => {
    const id = under.flink.begin("orders", { state: "FAILED" });
    const job = { ...goneOn({ id, begun: "then" }), submit: ["sql", "-f", under.script()] };
    under.write([job]);
    await under.stop();
    expect(under.read().jobs).toEqual([job]);
    await expect(under.resume()).rejects.toThrow(`is FAILED, so that its savepoint might have it do again`);
  });

  test("stays where it was only about to begin", async () => {
    const job = goneOn({ id: "c".repeat(32) });
    under.write([job]);
    await under.stop();
    expect(under.read().jobs).toEqual([job]);
  });

  test("is none of the file any more where it ends by itself while it is stopped", async () => {
    const id = under.flink.begin("orders");
    under.write([goneOn({ id, at: "then" })]);
    under.onStep = () => {
      if (under.read().jobs[0]?.stopping) under.flink.jobs.get(id)!.state = "CANCELED";
    };
    await under.stop();
    expect(under.read().jobs).toEqual([]);
  });
});

describe("a savepoint of a stop that is not the last that its job did", () => {
  const OF_STOP = "s3p://bucket/savepoints/orders/savepoint-of-hours-ago";
  const begunStop = (id: string, savepoint?: string): void => {
    const stopping = { id, triggerId: "d".repeat(32), format: "canonical" as const, savepoint };
    under.write([{ id, name: "orders", submit: [], stopping }]);
  };

  test.each([
    ["completed another", { completed: 900, stoppedWith: { location: OF_STOP, format: "CANONICAL", id: 2 } }],
    [
      "was restored",
      {
        completed: 0,
        restored: "s3p://b/x",
        wasRestored: true,
        stoppedWith: { location: OF_STOP, format: "CANONICAL" },
      },
    ],
  ])("is not taken where the job %s since and failed, and the newest one is told", async (_, job) => {
    const id = under.flink.begin("orders", { state: "FAILED", ...job });
    begunStop(id);
    const newest = "restored" in job ? "s3p://b/x" : checkpointOf(id, { completed: 900 });
    await expect(under.stop()).rejects.toThrow(
      `the job orders (${id}) has failed before it could be stopped: write ${newest}, its newest checkpoint, into ${under.file} as "savepoint" in place of "stopping" to go on from there, or take the job out of it`,
    );
    expect(under.read().jobs[0].savepoint).toBeUndefined();
  });

  test.each([undefined, OF_STOP])(
    "is not taken where the job finished later (it is in the file: %s)",
    async (known) => {
      const stoppedWith = { location: OF_STOP, format: "CANONICAL", id: 2 };
      const id = under.flink.begin("orders", { state: "FINISHED", completed: 900, stoppedWith });
      begunStop(id, known);
      await expect(under.stop()).rejects.toThrow(
        `the job orders (${id}) has finished, and not by its savepoint ${OF_STOP}, after which it went on: take the job out of ${under.file} if it came to its end, or write the path of its newest checkpoint (${checkpointOf(id, { completed: 900 })}) into it as "savepoint" in place of "stopping"`,
      );
      expect(under.read().jobs[0].savepoint).toBeUndefined();
    },
  );

  test("is none of the file where somebody cancelled the job", async () => {
    const stoppedWith = { location: OF_STOP, format: "CANONICAL" };
    begunStop(under.flink.begin("orders", { state: "CANCELED", stoppedWith }), OF_STOP);
    await under.stop();
    expect(under.read().jobs).toEqual([]);
  });

  test("has the stop begun anew where the job came back from it and runs", async () => {
    under.flink.begin("orders");
    let times = 0;
    under.flink.comesBackAfterStop = () => ++times < 3;
    await under.stop();
    expect(stops().length).toBe(3);
    expect(savepoints()).toEqual([["orders", "s3p://bucket/savepoints/orders/savepoint-3"]]);
    expect(under.flink.running("orders")).toEqual([]);
  });

  test("has it begun anew the next day as well, and under another leader, which knows of none", async () => {
    for (const elect of [false, true]) {
      under.flink = new PlayedFlink();
      const stoppedWith = { location: OF_STOP, format: "CANONICAL", id: 2 };
      const id = under.flink.begin("orders", { completed: 900, stoppedWith });
      if (elect) under.flink.changeLeader();
      begunStop(id, OF_STOP);
      await under.stop();
      expect(stops()).toHaveLength(1);
      expect(savepoints()).toEqual([["orders", "s3p://bucket/savepoints/orders/savepoint-1"]]);
    }
  });

  test("is taken where Flink forgot the job and the bucket has no checkpoint of it, and else not", async () => {
    const id = "e".repeat(32);
    begunStop(id, OF_STOP);
    const newest = checkpointOf(id, { completed: 9 });
    under.kept.set(id, newest);
    await expect(under.stop()).rejects.toThrow(
      `Flink knows no more of the job orders (${id}), which was being stopped: write the path of its newest savepoint, ${OF_STOP}, or ${newest} where that is newer, into ${under.file} as "savepoint" in place of "stopping", or take the job out of it`,
    );
    under.kept.clear();
    await under.stop();
    expect(savepoints()).toEqual([["orders", OF_STOP]]);
  });
});

test.each([
  [
    { evil: 1 },
    /^Flink tells of a savepoint in a form that this version of cdktf-flink does not know; no job was stopped/,
  ],
  [
    "s3p://bucket/savepoints/returns/savepoint-1",
    /lies at s3p:\/\/bucket\/savepoints\/returns\/savepoint-1, which is not below s3p:\/\/bucket\/savepoints\/orders, where/,
  ],
  ["s3p://another/savepoints/orders/savepoint-1", /which is not below/],
  ["s3p://bucket/savepoints/orders/../returns/savepoint-1", /which is not below/],
  ["s3p://bucket/savepoints/orders/", /which is not below/],
  [
    "s3p://bucket/savepoints/orders/\u001b[2Jx",
    /lies at s3p:\/\/bucket\/savepoints\/orders\/ \[2Jx, which is not below/,
  ],
])("the location %j is none of this cluster's savepoints", async (location, sentence) => {
  under.flink.begin("orders");
  under.flink.locationOf = () => location;
  await expect(under.stop()).rejects.toThrow(sentence);
  // It can be read back, and gone on with.
  expect(under.read().jobs[0].savepoint).toBeUndefined();
  under.flink.locationOf = (own) => own;
  await under.stop();
  expect(savepoints()).toEqual([["orders", "s3p://bucket/savepoints/orders/savepoint-1"]]);
});

test("nothing that others named moves the cursor of a terminal", async () => {
  const name = "\u001b[2J\u001b[1;1Hall is well\u202e";
  under.flink.begin(name);
  under.flink.begin("");
  await under.stop();
  const submit = ["sql", "-f", under.script()];
  const [first, ...others] = under.read().jobs;
  under.write([
    { ...first, savepoint: `${first.savepoint}/\u009b2J`, submit },
    ...others.map((job) => ({ ...job, submit })),
  ]);
  await under.resume();
  // Also what a file says of a stop that it has begun.
  const id = under.flink.begin("last", { state: "FINISHED" });
  under.flink.jobs.delete(id);
  const stopping = { id, triggerId: "1", format: "native" as const, savepoint: "s3p://b/\u001b[2J" };
  under.write([{ id, name: "last", submit, stopping }]);
  await under.stop();
  expect(under.told.join("")).toContain("all is well");
  expect(under.told.filter((line) => /[\p{Cc}\u202e]/u.test(line))).toEqual([]);
});

test("a file with a savepoint that somebody used by hand is not written over", async () => {
  const [old, id] = ["b".repeat(32), under.flink.begin("orders")];
  const job: StoppedJob = { id: old, name: "orders", savepoint: "s3p://b/old", submit: [] };
  under.write([job]);
  await expect(under.stop()).rejects.toThrow(
    `${under.file} has the savepoint of a job orders (${old}) that was not begun again by it, and another job of that name runs (${id}): name another file, and this one with --jobs`,
  );
  expect([under.read().jobs, stops()]).toEqual([[job], []]);
});

test("jobs of one name are told from each other by their ids", async () => {
  under.flink.begin("orders");
  under.flink.begin("orders");
  const earlier = ["a.sql", "b.sql"].map((file) => ({ id: file, name: "orders", submit: ["sql", "-f", file] }));
  await under.stop(earlier);
  expect(under.read().jobs).toMatchObject([
    { name: "orders", savepoint: "s3p://bucket/savepoints/orders/savepoint-1", submit: [] },
    { name: "orders", savepoint: "s3p://bucket/savepoints/orders/savepoint-2", submit: [] },
  ]);
});

describe("cut at any step, and run again", () => {
  const cutAt = async (step: number): Promise<boolean> => {
    let left = step;
    under.onStep = () => {
      if (left-- === 0) throw new Killed();
    };
    const wasCut = await under.stop().then(
      () => false,
      () => true,
    );
    under.onStep = () => undefined;
    return wasCut;
  };

  test.each([false, true])("it has every job's own savepoint (another leader meanwhile: %s)", async (isElected) => {
    for (let step = 0; ; step++) {
      under.flink = new PlayedFlink();
      under.write([]);
      const ids = ["orders", "returns"].map((name) => under.flink.begin(name));
      const wasCut = await cutAt(step);
      const known = under.read().jobs;
      if (isElected) under.flink.changeLeader();
      const outcome = await under.stop().then(
        () => "done",
        (failure: Error) => failure.message,
      );
      const { jobs } = under.read();
      // What was known before is known after.
      for (const { id, savepoint } of known.filter((job) => job.savepoint !== undefined)) {
        expect(jobs.find((job) => job.id === id)?.savepoint).toBe(savepoint);
      }
      if (outcome === "done") {
        const own = ids.map((id) => under.flink.jobs.get(id)?.stoppedWith?.location);
        expect(jobs.map(({ id }) => id)).toEqual(ids);
        for (const [index, { savepoint }] of jobs.entries()) expect(savepoint).toBe(own[index] ?? savepoint);
        expect(jobs.every(({ savepoint, stopping }) => savepoint !== undefined && !stopping)).toBe(true);
      } else {
        // Nobody but the folder of savepoints knows more.
        expect([isElected, outcome]).toEqual([true, expect.stringContaining("Flink knows no more of the job")]);
      }
      if (!wasCut) return;
    }
  });
});
