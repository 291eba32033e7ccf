import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseJobsFile } from "../../../lib/operate/stopped-jobs/jobs-file";
import { JobsFileStore } from "../../../lib/operate/stopped-jobs/jobs-file-store";

const PLACE = { schemaVersion: 1, cluster: "orders", region: "eu-west-1", bucket: "bucket" } as const;
const JOB = { id: "1", name: "orders", savepoint: "s3p://b/1", submit: [] };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "jobs-file-"));
  file = path.join(folder, "jobs.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["{", "jobs.json is not JSON ("],
  ["null", "jobs.json is not a file that jobs stop of this version writes: name another file"],
  [{ ...PLACE, schemaVersion: 2, jobs: [] }, "jobs.json is not a file that jobs stop of this version writes"],
  [{ ...PLACE, jobs: {} }, "jobs.json is not a file that jobs stop of this version writes"],
  [
    { ...PLACE, cluster: 1, jobs: [] },
    "jobs.json has something else in cluster, region or bucket than jobs stop writes",
  ],
  [{ ...PLACE, jobs: ["x"] }, "jobs.json has something else in jobs[0] than"],
  [{ ...PLACE, jobs: [JOB, { ...JOB, id: 1 }] }, "jobs.json has something else in jobs[1].id than"],
  [{ ...PLACE, jobs: [{ ...JOB, savepoint: "" }] }, "jobs.json has something else in jobs[0].savepoint than"],
  [{ ...PLACE, jobs: [{ ...JOB, submit: "sql -f a.sql" }] }, "jobs.json has something else in jobs[0].submit than"],
  [{ ...PLACE, jobs: [{ ...JOB, resumed: { id: 1 } }] }, "jobs.json has something else in jobs[0].resumed than"],
  ...[
    { id: "2", begun: 1 },
    { id: "2", at: "" },
    { id: "2", attempt: 0 },
    { id: "2", attempt: "1" },
  ].map((resumed): [object, string] => [
    { ...PLACE, jobs: [{ ...JOB, resumed }] },
    "jobs.json has something else in jobs[0].resumed than",
  ]),
  ...[{ id: 1 }, { id: "1" }, { id: "1", triggerId: "2", savepoint: {} }, { id: "1", triggerId: "2", format: "x" }].map(
    (stopping): [object, string] => [
      { ...PLACE, jobs: [{ ...JOB, stopping }] },
      "jobs.json has something else in jobs[0].stopping than",
    ],
  ),
  [{ ...PLACE, jobs: [{ ...JOB, name: 1 }] }, "jobs.json has something else in jobs[0].name than"],
  [
    { ...PLACE, jobs: [{ ...JOB, resumed: { id: "2", withoutState: "no" } }] },
    "jobs.json has something else in jobs[0].resumed than",
  ],
  [{ ...PLACE, jobs: [{ ...JOB, flink: "two" }] }, "jobs.json has something else in jobs[0].flink than"],
  [{ ...PLACE, jobs: [{ ...JOB, flink: 2.2 }] }, "jobs.json has something else in jobs[0].flink than"],
  [
    { ...PLACE, jobs: [{ ...JOB, stopping: { id: "1", triggerId: "2", format: "canonical", flink: "" } }] },
    "jobs.json has something else in jobs[0].stopping.flink than",
  ],
])("%j is refused in one sentence", (content, sentence) => {
  expect(() => parseJobsFile(typeof content === "string" ? content : JSON.stringify(content), "jobs.json")).toThrow(
    sentence,
  );
});

test("a file is one command's at a time", async () => {
  await JobsFileStore.lend(file, async () => {
    await expect(JobsFileStore.lend(file, () => Promise.resolve())).rejects.toThrow(
      `${file} is being changed by another command: wait for it to end and run this one again`,
    );
  });
  await JobsFileStore.lend(file, () => Promise.resolve());
});

test("a folder that is not there is told before anything is done", async () => {
  await expect(JobsFileStore.lend(path.join(folder, "no/jobs.json"), () => Promise.resolve())).rejects.toThrow(
    /cannot be written \(.*ENOENT.*\): name a file in a folder that is there/,
  );
});

test("what cannot be written leaves the file as it was", async () => {
  const before = JSON.stringify({ ...PLACE, jobs: [JOB] });
  writeFileSync(file, before);
  await JobsFileStore.lend(file, async (store) => {
    await store.read();
    // In the way of what is written before it takes the file's name.
    const way = `${file}.${process.pid}.tmp`;
    mkdirSync(way);
    await expect(store.drop("1")).rejects.toThrow();
    rmSync(way, { recursive: true, force: true });
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

test("changes that come at once are all in it", async () => {
  writeFileSync(file, JSON.stringify({ ...PLACE, jobs: [JOB, { ...JOB, id: "2" }] }));
  await JobsFileStore.lend(file, async (store) => {
    await store.read();
    await Promise.all(["1", "2"].map((id) => store.change(id, (job) => ({ ...job, savepoint: `s3p://b/new-${id}` }))));
  });
  const { jobs } = parseJobsFile(readFileSync(file, "utf8"), file);
  expect(jobs.map(({ savepoint }) => savepoint)).toEqual(["s3p://b/new-1", "s3p://b/new-2"]);
  expect(readdirSync(folder)).toEqual(["jobs.json"]);
});
