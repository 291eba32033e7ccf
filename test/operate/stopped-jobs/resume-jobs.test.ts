import type { StoppedJob } from "../../../lib/operate/stopped-jobs/jobs-file";
import { JobsUnderTest, Killed } from "./jobs-under-test";
import { PlayedFlink } from "./played-flink";

const A_TIME = /^\d{4}-\d\d-\d\dT/;
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
  expect(jobs.map(({ resumed }) => resumed)).toEqual(
    NAMES.map(() => ({ id: expect.stringMatching(A_JOB), at: expect.stringMatching(A_TIME) })),
  );
  expect([...under.flink.jobs]).toEqual(
    jobs.map(({ name, savepoint, resumed }) => [
      resumed!.id,
      { name, state: "RUNNING", completed: 0, restored: savepoint },
    ]),
  );
  expect(under.told).toEqual(
    jobs.flatMap(({ id, name, savepoint, resumed }) => [
      `${name} (${id}): begins as ${resumed!.id} from ${savepoint}`,
      `${name} (${id}): goes on as ${resumed!.id}`,
    ]),
  );
});

test("a second time nothing is begun, whatever became of the jobs", async () => {
  under.write([stopped("orders")]);
  await under.resume();
  const before = under.read();
  under.flink.jobs.clear();
  expect(await under.resume()).toEqual([]);
  expect([under.read(), under.flink.jobs.size]).toEqual([before, 0]);
});

test.each([0, 1, 2, 3, 4])("cut at any step, and run again, each job runs once (%i of the ways)", async (offset) => {
  for (let step = offset; ; step += 5) {
    under.flink = new PlayedFlink();
    under.write(NAMES.map((name) => stopped(name)));
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
});

test("a job that somebody began by hand from the savepoint is the one", async () => {
  under.write([stopped("orders")]);
  const id = under.flink.begin("orders", { restored: "s3p://b/orders" });
  await under.resume();
  expect(under.read().jobs[0].resumed).toEqual({ id, at: expect.stringMatching(A_TIME) });
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
    `the job orders (${stopped("orders").id}) went on as ${id} and is FAILED after 5 checkpoints, so that its savepoint would have it do again what it has done: write s3p://b/chk-5 as "savepoint" and 2.2.1 as "flink", and take "resumed" out of ${under.file} to go on from there`,
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
      NAMES.map((name) => [
        `s3p://b/${name}`,
        { id: expect.stringMatching(A_JOB), withoutState: true, at: expect.stringMatching(A_TIME) },
      ]),
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

  test.each([0, 1, 2, 3, 4])("cut at any step, and run again, each job runs once (%i of the ways)", async (offset) => {
    for (let step = offset; ; step += 5) {
      under.flink = new PlayedFlink();
      under.write(NAMES.map((name) => unread(name)));
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
  });

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
      { id: begun, withoutState: true, at: expect.stringMatching(A_TIME) },
      { id: planned, at: expect.stringMatching(A_TIME) },
    ]);
    expect(under.flink.jobs.get(planned)).toMatchObject({ restored: "s3p://b/returns" });
  });

  test("one that went on from its savepoint before is left as it is, and so is one that somebody began from it", async () => {
    const [one, other] = ["orders", "returns"].map((name) => under.flink.begin(name, { restored: `s3p://b/${name}` }));
    under.write([stopped("orders", { resumed: { id: one } }), stopped("returns")]);
    await under.resume();
    expect(under.read().jobs.map(({ resumed }) => resumed)).toEqual(
      [one, other].map((id) => ({ id, at: expect.stringMatching(A_TIME) })),
    );
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

  test("one that failed after it had run is not begun anew again", async () => {
    const id = under.flink.begin("orders", { state: "FAILED", completed: 5 });
    under.write([unread("orders", { resumed: { id, withoutState: true } })]);
    await expect(under.resume()).rejects.toThrow(
      `the job orders (${stopped("orders").id}) went on as ${id} and is FAILED after 5 checkpoints, so that beginning anew would have it do again what it has done: write s3p://b/chk-5 as "savepoint" and 2.2.1 as "flink", and take "resumed" out of ${under.file} to go on from there, in a file of its own and without --without-state`,
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
