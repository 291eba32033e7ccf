import { readFileSync } from "fs";
import path from "path";
import type { JobsFile } from "../../../lib/operate/stopped-jobs/jobs-file";
import type { DeploymentSettings } from "../../scenarios/deployment";
import { awayByName, type JobWatch } from "../../scenarios/job-watch";
import { type LineAct, type LineChange, writeLineRecord } from "../../scenarios/line-record";
import { LineWatch, type SeenLines, turnsOfLines, twoLinesAtOnce } from "../../scenarios/line-watch";
import { readReports } from "../../scenarios/node-reports";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { CommandLine } from "../../scenarios/operators/command-line";
import { BREAKING_CHANGE, readRollLock } from "../../scenarios/rolling-change";
import { RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Another line of Flink on a running cluster, once in vain and once well. It takes most of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const COUNTING_JOBS = 9;
const OLD = "2.2";
const NEW = "2.3";
/** A value with which no process of the new line starts. */
const BROKEN: Partial<DeploymentSettings> = { flinkVersion: NEW, ...BREAKING_CHANGE };
const UNDONE: Partial<DeploymentSettings> = { flinkVersion: OLD, flinkConfiguration: undefined };
const SOFTWARE = ["--origin", "package-registries"];
const JOBS_FILE = "jobs.json";
/** Of the jobs that are left when the stream has ended. */
const LAST_JOBS_FILE = "last-jobs.json";

jest.setTimeout(60 * MINUTE);

describe("another line of Flink, with nine jobs and the numbered stream stopped and begun again", () => {
  const step = steps();
  const acts: LineAct[] = [];
  let lab: Lab;
  let session: RollingSession;
  let commands: CommandLine;
  const changes: LineChange[] = [];
  let watch: LineWatch;
  let jobWatch: JobWatch;
  let seen: SeenLines;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: true, overcommit: 2 });
    commands = await CommandLine.create(lab);
    const settings = { flinkVersion: OLD, instanceType: "c7i.large", numberOfTaskSlots: 6, rollout: "wait" } as const;
    session = new RollingSession(lab, settings, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const timed = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    const since = Date.now();
    const given = await act();
    acts.push({ what, seconds: (Date.now() - since) / 1000 });
    return given;
  };

  /** What an apply that has to fail says, in one line. */
  const failureOf = async (apply: Promise<void>): Promise<string> => {
    const told = await apply.then(
      () => "it went well",
      (failure: unknown) => String(failure),
    );
    return told.replace(/[\s│]+/g, " ");
  };

  const startWatch = (): LineWatch =>
    LineWatch.start(session.nodes.map(({ name }) => ({ name, machine: session.deployment.machine(name) })));

  /** Of jobs that were stopped and run again: none may go unseen. */
  const jobsWereAway = async (what: string, names: readonly string[]): Promise<void> => {
    const { jobs, samples, unanswered } = await jobWatch.stop();
    const seenAway = awayByName(jobs);
    const away = new Map(names.map((name) => [name, seenAway.get(name) ?? []]));
    console.log(`${what}: ${samples} samples of the jobs, ${unanswered} of them without an answer`);
    expect([...away].filter(([, times]) => times.length === 0)).toEqual([]);
    changes.push({ what, away });
  };

  const jobsStop = (about: string, out: string, ...more: readonly string[]): Promise<string> => {
    const named = ["--cluster", session.deployment.output.cluster_name, "--region", lab.region];
    const args = ["jobs", "stop", ...named, "--out", out, ...more];
    return timed(about, () => commands.run(about, args, { timeoutMinutes: 10, says: /^Stopped, with savepoints/m }));
  };

  const jobsResume = async (about: string): Promise<void> => {
    const says = /^All jobs of the file go on\.$/m;
    const args = ["jobs", "resume", JOBS_FILE, ...SOFTWARE];
    await timed(about, () => commands.run(about, args, { timeoutMinutes: 25, says }));
    session.meetJobs(new Map(jobsInFile().map(({ name, resumed }) => [name, resumed!.id])));
    await session.everyJobRuns();
  };

  const jobsInFile = (file = JOBS_FILE): JobsFile["jobs"] =>
    (JSON.parse(readFileSync(path.join(commands.folder, file), "utf8")) as JobsFile).jobs;

  /** Which Flink each node has, by its report. */
  const versions = async (): Promise<readonly (string | undefined)[]> =>
    (await readReports(session.deployment)).map(
      ({ software }) => software.find((part) => part.startsWith("flink "))?.split(" ")[1],
    );

  const everyNodeRuns = async (line: string): Promise<void> => {
    const found = await versions();
    expect(found).toEqual(session.nodes.map(() => expect.stringMatching(new RegExp(`^${line}\\.\\d+$`))));
    expect(await session.version()).toBe(found[0]);
  };

  step("applies", async () => {
    await session.apply();
    await lab.joinSessionManager(session.deployment.client);
    watch = startWatch();
  });

  step("runs ten jobs", () => session.runJobs());

  step("has nothing touched while jobs run, and says which", async () => {
    const { nodes } = await session.changed(`${OLD} to ${NEW}, refused`, async () => {
      const told = await timed(`deploy ${NEW} while jobs run, refused`, () =>
        failureOf(session.deployment.change(BROKEN)),
      );
      console.log(`the apply says: ${told}`);
      expect(told).toMatch(
        /10 have not ended: .*counting-\d \([0-9a-f]{32}\).*npx cdktf-flink jobs stop --cluster lab/,
      );
    });
    expect(nodes.flatMap(({ down }) => down)).toEqual([]);
    await everyNodeRuns(OLD);
  });

  step("stops all jobs with savepoints, and knows how each is begun again", async () => {
    const { cluster_name: cluster } = session.deployment.output;
    const jobs = [...session.scripts].map(([name, script]) => {
      return { id: name, name, submit: ["sql", "-f", commands.write(`${name}.sql`, script)] };
    });
    const { region } = lab;
    jobWatch = session.watchJobs();
    const earlier = { schemaVersion: 1, cluster, region, bucket: session.deployment.bucket, jobs };
    await jobsStop("jobs stop", JOBS_FILE, "--jobs", commands.write("earlier.json", JSON.stringify(earlier)));
    expect(jobsInFile()).toHaveLength(COUNTING_JOBS + 1);
    for (const { savepoint, submit } of jobsInFile()) {
      expect([savepoint, submit]).toEqual([
        expect.stringContaining(`/savepoints/${cluster}/savepoint-`),
        expect.any(Array),
      ]);
      expect(submit).toHaveLength(3);
    }
  });

  step("goes back on all nodes where the new line does not start, and the apply fails with why", async () => {
    const told = await timed(`${NEW} with a value that breaks Flink, and all nodes back`, () =>
      failureOf(session.deployment.apply("streaming")),
    );
    console.log(`the apply says: ${told}`);
    expect(told).toMatch(/the change to Flink 2\.3 in place of 2\.2 \(\w+\) has failed since \S+: lab-node-\d/);
    expect(await readRollLock(session.deployment)).toMatchObject({
      phase: "failed",
      change: { line: { from: OLD, to: NEW } },
    });
    await everyNodeRuns(OLD);
    await commands.run("Jobs of a line that no node runs", ["jobs", "resume", JOBS_FILE, ...SOFTWARE], {
      ...{ exitCode: 1, says: /the nodes run Flink 2\.2\.\d+, and their desired state says 2\.3\.\d+/ },
    });
  });

  step("runs all jobs on the old line again, after the change is undone", async () => {
    await timed("the change undone", () => session.deployment.change(UNDONE));
    await jobsResume(`jobs resume on ${OLD}`);
    await jobsWereAway(`${NEW} in vain, and back`, [...session.scripts.keys()]);
    await everyNodeRuns(OLD);
  });

  step("takes over the new line on all nodes together", async () => {
    jobWatch = session.watchJobs();
    await jobsStop("jobs stop, again", JOBS_FILE);
    await timed(`deploy ${NEW}`, () => session.deployment.change({ flinkVersion: NEW }));
    await everyNodeRuns(NEW);
    expect(await session.deployment.plannedActions("streaming")).toEqual([{}]);
  });

  step("runs all jobs on the new line, and begins none twice", async () => {
    await jobsResume(`jobs resume on ${NEW}`);
    await jobsWereAway(`${OLD} to ${NEW}`, [...session.scripts.keys()]);
    await commands.run("The same again", ["jobs", "resume", JOBS_FILE, ...SOFTWARE], {
      says: /^All jobs of the file went on before\.$/m,
    });
    await session.everyJobRuns();
  });

  step("never ran two lines at once", async () => {
    seen = await watch.stop();
    console.table(turnsOfLines(seen.spans));
    expect(twoLinesAtOnce(seen.spans)).toEqual([]);
    const lines = turnsOfLines(seen.spans).map(({ line }) => line);
    expect([lines[0], lines.at(-1)]).toEqual([OLD, NEW]);
    for (const { name } of session.nodes) {
      const own = seen.spans.filter(({ node, line }) => node === name && line === NEW).map(({ process }) => process);
      expect([...new Set(own)].sort()).toEqual(["JobManager", "TaskManager"]);
    }
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
    expect(contents).toMatchObject({ duplicates: [], missing: [] });
    expect(contents.rows).toBeGreaterThan(10_000);
  });

  step("goes back to the old line by a word alone, when no job is left", async () => {
    const told = await timed(`deploy ${OLD}, refused`, () =>
      failureOf(session.deployment.change({ flinkVersion: OLD })),
    );
    console.log(`the apply says: ${told}`);
    expect(told).toMatch(/Flink 2\.2 reads no savepoint of 2\.3; undo the change, .* or set allowStateLoss/);
    await everyNodeRuns(NEW);
    jobWatch = session.watchJobs();
    await jobsStop("jobs stop, for the last time", LAST_JOBS_FILE, "--jobs", JOBS_FILE);
    expect(jobsInFile(LAST_JOBS_FILE)).toHaveLength(COUNTING_JOBS);
    watch = startWatch();
    await timed(`deploy ${OLD}, where state may be lost`, () =>
      session.deployment.change({ flinkVersion: OLD, allowStateLoss: true }),
    );
    await everyNodeRuns(OLD);
    expect(await session.deployment.plannedActions("streaming")).toEqual([{}]);
  });

  step("begins the jobs anew on the old line, and from their savepoints none", async () => {
    const args = ["jobs", "resume", LAST_JOBS_FILE, ...SOFTWARE];
    await commands.run("Savepoints of a newer line", args, {
      ...{ exitCode: 1, says: /the nodes run Flink 2\.2\.\d+, which reads no savepoint of Flink 2\.3, as these have/ },
    });
    await timed("jobs resume --without-state", () =>
      commands.run("Anew on the old line", [...args, "--without-state"], {
        ...{ timeoutMinutes: 25, says: /^All jobs of the file run, without their state where they began now\.$/m },
      }),
    );
    const last = jobsInFile(LAST_JOBS_FILE);
    await session.eachRuns(last.map(({ resumed }) => resumed!.id));
    await jobsWereAway(
      `${NEW} to ${OLD}, state lost`,
      last.map(({ name }) => name),
    );
    const { spans, samples } = await watch.stop();
    expect(twoLinesAtOnce(spans)).toEqual([]);
    expect(turnsOfLines(spans).map(({ line }) => line)).toEqual([NEW, OLD]);
    seen = { spans: [...seen.spans, ...spans], samples: Math.min(seen.samples, samples) };
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const file = writeLineRecord({
      title: "Another line of Flink",
      of: "test/lab/long/line.test.ts",
      about: [
        `Three nodes of c7i.large, ${COUNTING_JOBS} counting jobs and the numbered stream, which writes files exactly once. All jobs are stopped by`,
        "`npx cdktf-flink jobs stop` and begun again by `jobs resume`, one after the other. Java compiles little here, and so starts sooner.",
        `At last, after the stream had ended, the cluster went back to ${OLD} with \`allowStateLoss\`, and the counting jobs began anew.`,
      ],
      ...{ acts, changes, seen, contents },
    });
    console.log(`written: ${file}`);
  });
});
