import type { StoppedJob } from "../../../lib/operate/stopped-jobs/jobs-file";
import { JobsUnderTest, Killed } from "./jobs-under-test";
import { PlayedFlink } from "./played-flink";

const A_TIME = /^\d{4}-\d\d-\d\dT/;
/** When a job was seen to begin, and to run whole. */
const SEEN = {
  begun: expect.stringMatching(A_TIME) as string,
  at: expect.stringMatching(A_TIME) as string,
};
const A_JOB = /^[0-9a-f]{32}$/;
const SAVEPOINT_PATH = "execution.state-recovery.path";
const NAMES = ["orders", "returns"];

let under: JobsUnderTest;
beforeEach(() => void (under = new JobsUnderTest()));
afterEach(() => under.end());

/** A job that was stopped by an earlier command. */
function stopped(name: string, job: Partial<StoppedJob> = {}): StoppedJob {
  const id = Buffer.from(name).toString("hex").padEnd(32, "0");
  return { id, name, savepoint: `s3p://b/${name}`, format: "canonical", submit: ["sql", "-f", under.script()], ...job };
}

test("each job goes on from its savepoint under an id that the file has, in their order", async () => {
  under.write(NAMES.map((name) => stopped(name)));
  await under.resume();
  const { jobs } = under.read();
  expect(jobs.map(({ resumed }) => resumed)).toEqual(NAMES.map(() => ({ id: expect.stringMatching(A_JOB), ...SEEN })));
  expect([...under.flink.jobs]).toEqual(
    jobs.map(({ name, savepoint, resumed }) => [
      resumed!.id,
      { name, state: "RUNNING", completed: 0, restored: savepoint },
    ]),
  );
  const told = (how: RegExp): string[] => under.told.filter((line) => how.test(line));
  expect(told(/ begins as /)).toEqual(
    jobs.map(({ id, name, savepoint, resumed }) => `${name} (${id}): begins as ${resumed!.id} from ${savepoint}`),
  );
  expect(told(/ goes on as /).sort()).toEqual(
    jobs.map(({ id, name, resumed }) => `${name} (${id}): goes on as ${resumed!.id}`),
  );
  expect(under.told).toHaveLength(4);
});

test("a job that reads its state for long holds up none after it", async () => {
  under.write(NAMES.map((name) => stopped(name)));
  const begun: string[] = [];
  under.client = (name, submission) => {
    begun.push(name);
    const code = under.flink.submit(name, submission);
    const [orders, returns] = under.flink.jobs.values();
    // Until the other one is there.
    orders.state = returns ? "RUNNING" : "INITIALIZING";
    return code;
  };
  await under.resume();
  expect(begun).toEqual(NAMES);
  for (const name of NAMES) expect(under.flink.running(name)).toHaveLength(1);
});

test("all that do not run are told, each with its reason, and none is begun after them", async () => {
  under.write([...NAMES, "bills", "claims"].map((name) => stopped(name)));
  const begun: string[] = [];
  under.client = (name, submission) => {
    begun.push(name);
    const code = under.flink.submit(name, submission);
    const played = [...under.flink.jobs.values()];
    // Those that fail do so once three are there.
    if (name === "bills")
      for (const job of played.slice(0, 2)) Object.assign(job, { state: "FAILED", failure: job.name });
    else played.at(-1)!.state = "INITIALIZING";
    return code;
  };
  const failure = await under.resume().then(
    () => "",
    (error: Error) => error.message,
  );
  const all = [...under.told, failure].filter((line) => / does not go on as /.test(line));
  expect(all).toEqual([
    expect.stringMatching(/^the job orders .*\(orders\)/),
    expect.stringMatching(/^the job returns /),
  ]);
  expect(begun).not.toContain("claims");
  // What was begun and runs is seen to, and written down.
  expect(under.read().jobs.map(({ resumed }) => resumed?.at !== undefined)).toEqual([false, false, true, false]);
});

test("a job that cannot be begun is told at once, and not when those before it run", async () => {
  under.timeoutMillis = 1000;
  under.write(NAMES.map((name) => stopped(name)));
  let looks = 0;
  under.client = (name, submission) => {
    if (name === "returns") return 130;
    const code = under.flink.submit(name, submission);
    under.flink.jobs.values().next().value!.state = "INITIALIZING";
    return code;
  };
  const isTold = (): boolean =>
    under.told.some((line) => /^the job returns .* was not begun: .* ended with 130/.test(line));
  // It runs once that was told.
  under.onStep = () => {
    if (!isTold()) return;
    looks++;
    for (const job of under.flink.jobs.values()) job.state = "RUNNING";
  };
  await expect(under.resume()).rejects.toThrow("not all jobs go on, for what is said above");
  expect(looks).toBeGreaterThan(0);
  expect(under.read().jobs.map(({ resumed }) => resumed?.at !== undefined)).toEqual([true, false]);
});

test("a second time nothing is begun, whatever became of the jobs", async () => {
  under.write([stopped("orders")]);
  await under.resume();
  const before = under.read();
  under.flink.jobs.clear();
  expect(await under.resume()).toEqual([]);
  expect([under.read(), under.flink.jobs.size]).toEqual([before, 0]);
});

const WAYS = [0, 1, 2, 3, 4];

/** Cuts the command at every fifth step of those that it has, and runs it again each time. */
async function eachRunsOnce(offset: number, jobs: () => readonly StoppedJob[]): Promise<void> {
  for (let step = offset; ; step += WAYS.length) {
    under.flink = new PlayedFlink();
    under.write(jobs());
    let left = step;
    under.onStep = () => {
      if (left-- === 0) throw new Killed();
    };
    const wasCut = await under.resume().then(
      () => false,
      () => true,
    );
    under.onStep = () => undefined;
    await under.resume();
    for (const { name, resumed } of under.read().jobs) expect(under.flink.running(name)).toEqual([resumed!.id]);
    if (!wasCut) return;
  }
}

test.each(WAYS)("cut at any step, and run again, each job runs once (%i of the ways)", (offset) =>
  eachRunsOnce(offset, () => NAMES.map((name) => stopped(name))),
);

test("a job that somebody began by hand from the savepoint is the one", async () => {
  under.write([stopped("orders")]);
  const id = under.flink.begin("orders", { restored: "s3p://b/orders" });
  await under.resume();
  expect(under.read().jobs[0].resumed).toEqual({ id, ...SEEN });
});

test("another one of the name is not doubled", async () => {
  under.write([stopped("orders")]);
  const id = under.flink.begin("orders", { restored: "s3p://b/chk-9" });
  await expect(under.resume()).rejects.toThrow(
    `a job named orders (${id}) runs already, and not from the savepoint that ${under.file} has: cancel it, or take the job out of the file`,
  );
  expect(under.flink.running("orders")).toEqual([id]);
});

test("two jobs of one name are not taken for each other", async () => {
  under.write([stopped("orders"), stopped("orders", { id: "c".repeat(32), savepoint: "s3p://b/other" })]);
  await under.resume();
  expect([...under.flink.jobs.values()].map(({ restored }) => restored)).toEqual(["s3p://b/orders", "s3p://b/other"]);
});

test("what is not begun is told, with what it ended with, and nothing after it is begun", async () => {
  under.write(NAMES.map((name) => stopped(name)));
  under.client = () => 7;
  const script = under.read().jobs[0].submit[2];
  await expect(under.resume()).rejects.toThrow(
    `the job orders (${stopped("orders").id}) was not begun: sql -f ${script} ended with 7, and said why above; mend it and run the same command again`,
  );
  expect(under.flink.jobs.size).toBe(0);
  under.client = (name, submission) => under.flink.submit(name, submission);
  await under.resume();
  expect(under.flink.jobs.size).toBe(2);
});

test("one that came to its end meanwhile is not begun again, and told so", async () => {
  under.write([stopped("orders")]);
  await under.resume();
  const { id } = under.read().jobs[0].resumed!;
  under.flink.jobs.get(id)!.state = "FINISHED";
  under.write([stopped("orders")]);
  await under.resume();
  expect(under.told.at(-1)).toBe(`orders (${stopped("orders").id}): has come to its end as ${id}`);
  expect(under.flink.jobs.size).toBe(1);
});

test("a job that fails at once is told with its reason, and begun anew the next time", async () => {
  under.write([stopped("orders")]);
  under.client = (name, submission) => {
    const code = under.flink.submit(name, submission);
    for (const job of under.flink.jobs.values()) {
      [job.state, job.failure] = ["FAILED", "java.lang.IllegalStateException: Cannot map state.\n\tat a.b\n"];
    }
    return code;
  };
  await expect(under.resume()).rejects.toThrow(
    /^the job orders \(\w+\) does not go on as \w+, it is FAILED \(IllegalStateException: Cannot map state\): mend it/,
  );
  under.client = (name, submission) => under.flink.submit(name, submission);
  await under.resume();
  expect(under.flink.running("orders")).toEqual([under.read().jobs[0].resumed!.id]);
});

test("one that failed after it had gone on is not begun from its savepoint again", async () => {
  const id = under.flink.begin("orders", { state: "FAILED", completed: 5 });
  under.write([stopped("orders", { resumed: { id } })]);
  await expect(under.resume()).rejects.toThrow(
    `the job orders (${stopped("orders").id}) went on as ${id} and is FAILED, so that its savepoint might have it do again what it has done: write s3p://bucket/checkpoints/orders/${id}/chk-5 as "savepoint" and 2.2.1 as "flink", and take "resumed" out of ${under.file} to go on from there, or take the job out of it`,
  );
});

test("one that does not get all its tasks in time is told", async () => {
  under.write([stopped("orders")]);
  under.timeoutMillis = 0;
  under.client = (name, submission) => {
    const code = under.flink.submit(name, submission);
    for (const job of under.flink.jobs.values()) job.state = "RESTARTING";
    return code;
  };
  await expect(under.resume()).rejects.toThrow(/does not go on as \w+, it is RESTARTING: mend it/);
});

test("one that begins from nothing is told", async () => {
  under.write([stopped("orders")]);
  under.client = (name, { program, configuration }) => {
    const { [SAVEPOINT_PATH]: savepoint, ...others } = configuration;
    expect(savepoint).toBe("s3p://b/orders");
    return under.flink.submit(name, { program, configuration: others });
  };
  await expect(under.resume()).rejects.toThrow(/runs as \w+, but from nothing and not from its savepoint: cancel it/);
  expect(under.read().jobs[0].resumed!.at).toBeUndefined();
});

test.each([
  [
    "s3p://bucket/savepoints/orders/of-last-year",
    /but from s3p:\/\/bucket\/savepoints\/orders\/of-last-year and not from/,
  ],
  [
    "s3p://bucket/checkpoints/orders/another/chk-7",
    /but from s3p:\/\/bucket\/checkpoints\/orders\/another\/chk-7 and not/,
  ],
  ["s3p://b/\u001b[2Jorders", /but from s3p:\/\/b\/ \[2Jorders and not from its savepoint/],
])("one that begins from %j is told", async (restored, sentence) => {
  under.write([stopped("orders")]);
  under.client = (name, { program, configuration }) =>
    under.flink.submit(name, { program, configuration: { ...configuration, [SAVEPOINT_PATH]: restored } });
  await expect(under.resume()).rejects.toThrow(sentence);
  expect(under.read().jobs[0].resumed!.at).toBeUndefined();
});

test("one that was restored from a checkpoint of its own meanwhile goes on, however the savepoint is written", async () => {
  under.write([stopped("orders"), stopped("returns", { savepoint: "s3a://b/returns/_metadata" })]);
  under.client = (name, submission) => {
    const code = under.flink.submit(name, submission);
    for (const [id, job] of under.flink.jobs) {
      job.restored = name === "orders" ? `s3p://bucket/checkpoints/orders/${id}/chk-2` : "s3p://b/returns/";
    }
    return code;
  };
  await under.resume();
  expect(under.read().jobs.map(({ resumed }) => resumed)).toEqual([
    expect.objectContaining(SEEN),
    expect.objectContaining(SEEN),
  ]);
});

test("where a job went on from is waited for while Flink does not tell it, and told where it never does", async () => {
  under.write([stopped("orders")]);
  under.flink.unknownCheckpoints = 3;
  await under.resume();
  expect(under.flink.unknownCheckpoints).toBeLessThan(0);
  under.write([stopped("returns")]);
  [under.flink.unknownCheckpoints, under.timeoutMillis] = [Infinity, 0];
  await expect(under.resume()).rejects.toThrow(
    /does not go on as \w+, it is RUNNING, and Flink does not tell from where: mend it/,
  );
  expect(under.read().jobs[0].resumed!.at).toBeUndefined();
});

describe("a job that was begun, was not seen to run whole, and that Flink does not list any more", () => {
  /** As another leader does not list what has ended. */
  const begun = async (): Promise<string> => {
    under.write([stopped("orders")]);
    under.timeoutMillis = 0;
    under.client = (name, submission) => {
      const code = under.flink.submit(name, submission);
      for (const job of under.flink.jobs.values()) job.state = "INITIALIZING";
      return code;
    };
    await expect(under.resume()).rejects.toThrow(/does not go on as .*INITIALIZING: mend it and run the same command/);
    const { id, begun: since, at } = under.read().jobs[0].resumed!;
    expect([since, at]).toEqual([SEEN.begun, undefined]);
    Object.assign(under.flink.jobs.get(id)!, { state: "FAILED", completed: 4000 });
    under.flink.changeLeader();
    under.timeoutMillis = 60_000;
    under.client = (name, submission) => under.flink.submit(name, submission);
    return id;
  };

  test("is not begun from its savepoint again, and its newest checkpoint is told", async () => {
    const id = await begun();
    const newest = `s3p://bucket/checkpoints/orders/${id}/chk-4000`;
    under.kept.set(id, newest);
    await expect(under.resume()).rejects.toThrow(
      `the job orders (${stopped("orders").id}) went on as ${id} and Flink lists it no more, so that its savepoint might have it do again what it has done: write ${newest} as "savepoint" and 2.2.1 as "flink", and take "resumed" out of ${under.file} to go on from there, or take the job out of it`,
    );
    expect(under.flink.jobs.size).toBe(0);
  });

  test("is not begun where it has no checkpoint either, unless somebody says so", async () => {
    const id = await begun();
    await expect(under.resume()).rejects.toThrow(
      `went on as ${id}, which Flink lists no more and of which the bucket has no checkpoint: either it came to its end, and then take the job out of ${under.file}, or it failed before its first checkpoint, and then take "resumed" out of the job to begin it again`,
    );
    under.write([stopped("orders")]);
    await under.resume();
    expect(under.flink.running("orders")).toEqual([id]);
  });
});

test("one that another leader restored from its own checkpoint before it failed is not begun from its savepoint again", async () => {
  const id = under.flink.begin("orders", { completed: 5 });
  under.flink.changeLeader();
  under.flink.jobs.get(id)!.state = "FAILED";
  under.write([stopped("orders", { resumed: { id } })]);
  await expect(under.resume()).rejects.toThrow(`write s3p://bucket/checkpoints/orders/${id}/chk-5 as "savepoint"`);
});

describe("two copies of one file", () => {
  const copy = (): void => under.write(NAMES.map((name) => stopped(name)));

  test.each([0, 1, 2])("begin each job once, wherever the other comes in between (%i of the ways)", async (offset) => {
    for (let step = offset; ; step += 3) {
      under.flink = new PlayedFlink();
      copy();
      const other = new JobsUnderTest();
      other.flink = under.flink;
      other.write(under.read().jobs);
      let left = step;
      let others: Promise<unknown> | undefined;
      under.onStep = () => {
        if (left-- === 0) others = other.resume();
      };
      await under.resume();
      under.onStep = () => undefined;
      await others;
      expect(NAMES.map((name) => under.flink.running(name).length)).toEqual([1, 1]);
      other.end();
      if (others === undefined) return;
    }
  });

  test("begin none again that went on, failed and is forgotten", async () => {
    copy();
    await under.resume();
    const [{ resumed }] = under.read().jobs;
    const newest = `s3p://bucket/checkpoints/orders/${resumed!.id}/chk-9`;
    under.kept.set(resumed!.id, newest);
    under.flink.jobs.delete(resumed!.id);
    copy();
    await expect(under.resume()).rejects.toThrow(`went on as ${resumed!.id} and Flink lists it no more`);
    expect(under.flink.running("orders")).toEqual([]);
  });
});

test("each try has an id of its own, which follows from the job, its savepoint and the number of the try", async () => {
  const failing = (name: string, submission: Parameters<typeof under.client>[1]): number => {
    const code = under.flink.submit(name, submission);
    for (const job of under.flink.jobs.values()) job.state = "FAILED";
    return code;
  };
  const tries = async (savepoint: string): Promise<unknown[]> => {
    under.flink = new PlayedFlink();
    under.client = failing;
    under.write([stopped("orders", { savepoint })]);
    for (let count = 0; count < 3; count++) await expect(under.resume()).rejects.toThrow("it is FAILED");
    expect(under.read().jobs[0].resumed).toMatchObject({ attempt: 2 });
    return [...under.flink.jobs.keys()];
  };
  const [first, again, other] = [await tries("s3p://b/1"), await tries("s3p://b/1"), await tries("s3p://b/2")];
  expect(again).toEqual(first);
  expect(new Set([...first, ...other]).size).toBe(6);
  for (const id of [...first, ...other]) expect(id).toMatch(A_JOB);
});

test("nodes that run another Flink than the one that would make the jobs take none", async () => {
  under.write([stopped("orders")]);
  await expect(under.resume("2.3.0")).rejects.toThrow(
    /^the nodes run Flink 2\.2\.1, and their desired state says 2\.3\.0: wait until they run it/,
  );
  expect(under.read().jobs[0].resumed).toBeUndefined();
});

test("savepoints that the line of the nodes does not read are refused before any job is begun, all in one sentence", async () => {
  const [orders, returns, refunds, old] = [
    stopped("orders", { flink: "2.2.1" }),
    stopped("returns", { flink: "2.3.0" }),
    stopped("refunds", { flink: "1.20.5" }),
    stopped("old"),
  ];
  under.write([orders, returns, refunds, old]);
  await expect(under.resume()).rejects.toThrow(
    `the nodes run Flink 2.2.1, which reads no savepoint of Flink 2.3 and 1.20, as these have: returns (${returns.id}), refunds (${refunds.id}); nothing was begun: change the cluster to a line that reads them, or begin all jobs of the file that are left anew, without their state, with --without-state`,
  );
  expect([under.flink.jobs.size, under.read().jobs]).toEqual([0, [orders, returns, refunds, old]]);
  // What went on before is not asked for.
  under.write([orders, { ...returns, resumed: { id: "b".repeat(32), at: "then" } }]);
  await under.resume();
  expect(under.flink.running("orders")).toHaveLength(1);
});

test.each([
  ["2.2.1", "2.2.1"],
  ["2.2.0", "2.2.1"],
  ["2.3.0", "2.3.1"],
  ["2.2.1", "2.3.0"],
  ["2.0.1", "2.10.0"],
])("a savepoint of %s is read by %s", async (of, by) => {
  under.write([stopped("orders", { flink: of })]);
  under.flink.version = by;
  await under.resume();
  expect(under.flink.running("orders")).toHaveLength(1);
});

describe("without their state", () => {
  beforeEach(() => void (under.withoutState = true));

  const unread = (name: string, job: Partial<StoppedJob> = {}): StoppedJob => stopped(name, { flink: "2.3.0", ...job });

  test("jobs begin from nothing under ids that the file has, in their order, and the file says so", async () => {
    under.write([unread("orders"), stopped("returns", { flink: "2.2.1" })]);
    await under.resume();
    const { jobs } = under.read();
    expect(jobs.map(({ savepoint, resumed }) => [savepoint, resumed])).toEqual(
      NAMES.map((name) => [`s3p://b/${name}`, { id: expect.stringMatching(A_JOB), withoutState: true, ...SEEN }]),
    );
    expect([...under.flink.jobs]).toEqual(
      jobs.map(({ name, resumed }) => [resumed!.id, { name, state: "RUNNING", completed: 0, restored: undefined }]),
    );
    expect(under.told).toEqual(
      jobs.flatMap(({ id, name, resumed }) => [
        `${name} (${id}): begins as ${resumed!.id} anew, without its state`,
        `${name} (${id}): runs as ${resumed!.id}, without its state`,
      ]),
    );
    expect(await under.resume()).toEqual([]);
  });

  test.each(WAYS)("cut at any step, and run again, each job runs once (%i of the ways)", (offset) =>
    eachRunsOnce(offset, () => NAMES.map((name) => unread(name))),
  );

  test("what was cut goes on as the next command says where it has not begun, and as it began where it has", async () => {
    const begun = under.flink.begin("orders", { completed: 0 });
    const planned = "b".repeat(32);
    under.write([
      stopped("orders", { resumed: { id: begun, withoutState: true } }),
      stopped("returns", { resumed: { id: planned, withoutState: true } }),
    ]);
    under.withoutState = false;
    await under.resume();
    expect(under.read().jobs.map(({ resumed }) => resumed)).toEqual([
      { id: begun, withoutState: true, ...SEEN },
      { id: planned, ...SEEN },
    ]);
    expect(under.flink.jobs.get(planned)).toMatchObject({ restored: "s3p://b/returns" });
  });

  test("one that went on from its savepoint before is left as it is, and so is one that somebody began from it", async () => {
    const [one, other] = ["orders", "returns"].map((name) => under.flink.begin(name, { restored: `s3p://b/${name}` }));
    under.write([stopped("orders", { resumed: { id: one } }), stopped("returns")]);
    await under.resume();
    expect(under.read().jobs.map(({ resumed }) => resumed)).toEqual([one, other].map((id) => ({ id, ...SEEN })));
    expect(under.told.map((line) => line.replace(/^.*: /, ""))).toEqual([`goes on as ${one}`, `goes on as ${other}`]);
  });

  test("one of the name that runs from nothing, and is not ours, is not doubled", async () => {
    under.write([unread("orders")]);
    const id = under.flink.begin("orders");
    await expect(under.resume()).rejects.toThrow(
      `a job named orders (${id}) runs already, and not from the savepoint that ${under.file} has: cancel it, or take the job out of the file`,
    );
    expect(under.flink.running("orders")).toEqual([id]);
  });

  test("and later from their savepoints all the same, where `resumed` is taken out, whatever became of the first", async () => {
    under.write([stopped("orders")]);
    await under.resume();
    const { id } = under.read().jobs[0].resumed!;
    under.flink.jobs.clear();
    under.kept.set(id, `s3p://bucket/checkpoints/orders/${id}/chk-9`);
    under.withoutState = false;
    under.write([stopped("orders")]);
    await under.resume();
    expect([...under.flink.jobs.values()].map(({ restored }) => restored)).toEqual(["s3p://b/orders"]);
  });

  test("none begins beside the one that another copy of the file began from its savepoint", async () => {
    under.write([stopped("orders")]);
    under.withoutState = false;
    await under.resume();
    const { id } = under.read().jobs[0].resumed!;
    under.withoutState = true;
    under.write([stopped("orders")]);
    await under.resume();
    expect([under.flink.running("orders"), under.read().jobs[0].resumed!.id]).toEqual([[id], id]);
  });

  test("one that failed after it had run is not begun anew again", async () => {
    const id = under.flink.begin("orders", { state: "FAILED", completed: 5 });
    under.write([unread("orders", { resumed: { id, withoutState: true } })]);
    await expect(under.resume()).rejects.toThrow(
      `the job orders (${stopped("orders").id}) went on as ${id} and is FAILED, so that beginning anew might have it do again what it has done: write s3p://bucket/checkpoints/orders/${id}/chk-5 as "savepoint" and 2.2.1 as "flink", and take "resumed" out of ${under.file} to go on from there, in a file of its own and without --without-state, or take the job out of it`,
    );
  });
});

test("a job that is not stopped yet is refused before any is begun", async () => {
  const stopping = { id: "d".repeat(32), triggerId: "e".repeat(32), format: "canonical" } as const;
  under.write([stopped("orders"), stopped("returns", { savepoint: undefined, stopping })]);
  await expect(under.resume()).rejects.toThrow(/has no savepoint yet of the job returns/);
  expect(under.flink.asked).toEqual([]);
});

test("no job is begun while the nodes change Flink's line, and one of the new line would hold them", async () => {
  under.write([stopped("orders")]);
  const change = { line: { from: "2.2", to: "2.3" } };
  for (const phase of ["preparing", "applying", "going-back"] as const) {
    under.lock = { owner: "orders-node-1", phase, change };
    await expect(under.resume()).rejects.toThrow(
      "the nodes are changed from Flink 2.2 to 2.3 just now: run the same command again when they have done it (`npx cdktf-flink wait --rolled` waits for that)",
    );
  }
  expect(under.flink.asked).toEqual([]);
  under.lock = { owner: "orders-node-1", phase: "failed", change };
  await under.resume();
  under.write([stopped("orders")]);
  under.flink = new PlayedFlink();
  under.lock = { owner: null, change };
  await under.resume();
  expect(under.flink.running("orders")).toHaveLength(1);
});
