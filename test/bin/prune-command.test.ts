import { createHash } from "node:crypto";
import { desiredStateKey, reportKey, rollLockKey, softwareKey } from "../../lib/core/bucket-layout";
import { PlayedAws, xmlError } from "./played-aws";
import { PlayedVersions } from "./played-versions";
import { type Ended, runCommand } from "./run-command";

const BUCKET = "some-bucket";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
/** The key of a part of which the tests know the version alone. */
const part = (version: string, name = "flink"): string =>
  softwareKey({ name, version, sha256: sha256(name + version), fileName: `${name}.tgz` });

let aws: PlayedAws;
let bucket: PlayedVersions;

beforeAll(async () => {
  aws = await PlayedAws.start();
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.groups.set("cdktf-flink-orders", { "cdktf-flink-bucket": BUCKET });
  bucket = new PlayedVersions();
  aws.versions.set(BUCKET, bucket);
  for (const key of [part("1", "agent"), part("1", "node-js")]) bucket.put(key, "x".repeat(2048), 400);
});

const prune = (...args: string[]): Promise<Ended> =>
  runCommand(["prune", "--cluster", "orders", "--region", "eu-west-1", ...args], aws.environment);

/** A desired state that names one version of Flink. */
function state(version: string, nodes = ["orders-node-1"]): string {
  const [agent, nodeJs, flink] = [part("1", "agent"), part("1", "node-js"), part(version)].map((key) => ({ key }));
  return JSON.stringify({ schemaVersion: 1, agent, nodeJs, software: [flink], nodes: nodes.map((name) => ({ name })) });
}

/** Deploys follow each other: each publishes its part and then writes its state. */
function deployed(version: string, daysAgo: number, { cluster = "orders", into = bucket } = {}): void {
  if (!into.keys.includes(part(version))) into.put(part(version), version.repeat(1024), daysAgo);
  into.put(desiredStateKey(cluster), state(version), daysAgo);
}

function reports(node: string, running: string, daysAgo: number, more: object = {}): void {
  const told = { schemaVersion: 1, status: "healthy", running: { versionId: "v", sha256: sha256(running) }, ...more };
  bucket.put(reportKey("orders", node), JSON.stringify(told), daysAgo);
}

/** The newest, the one before, and one that nobody needs any more. */
function deployedThrice(): void {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
}

const flinks = (): string[] =>
  bucket.keys.filter((key) => key.startsWith("software/flink/")).map((key) => key.split("/")[2]);

test("without --yes it says what could go, and touches nothing", async () => {
  deployedThrice();
  bucket.put(reportKey("orders", "orders-node-4"), "{}", 90);
  bucket.delete(part("0", "agent"), 200);
  const ended = await prune();
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(
    /^The bucket some-bucket, by what its clusters need: orders\n\npart +version +size +written\nflink +1 +1 KiB +\d{4}-\d\d-\d\d \d\d:\d\dZ\n\n1 part that no cluster needs: 1 KiB\n1 report of nodes that are no more: orders-node-4\n1 old version of parts that were removed before: 0 KiB\nNothing was removed: --yes removes it\.\n$/,
  );
  expect(aws.asked.filter((each) => !each.startsWith("s3 GET") && each.startsWith("s3"))).toEqual([]);
  expect(flinks()).toEqual(["1", "2", "3"]);
});

test("--yes removes it, keeps the newest state's and the one's before, and leaves what it removed as old versions", async () => {
  deployedThrice();
  bucket.put(reportKey("orders", "orders-node-4"), "{}", 90);
  reports("orders-node-1", state("3"), 0);
  const ended = await prune("--yes");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(/\nIt was removed\.\n$/);
  expect(flinks()).toEqual(["2", "3"]);
  expect(bucket.countOf(part("1"))).toBe(2);
  expect(bucket.keys).toEqual(
    expect.arrayContaining([
      part("1", "agent"),
      part("1", "node-js"),
      desiredStateKey("orders"),
      reportKey("orders", "orders-node-1"),
    ]),
  );
  expect(bucket.keys).not.toContain(reportKey("orders", "orders-node-4"));
  expect((await prune()).stdout).toMatch(/\n\nNothing lies in it that nobody needs\.\n$/);
});

test("what was removed long ago goes for good, with its mark; what was removed lately stays", async () => {
  deployed("3", 100);
  for (const [version, daysAgo] of [
    ["1", 31],
    ["2", 29],
  ] as const) {
    bucket.put(part(version), "old", 300);
    bucket.delete(part(version), daysAgo);
  }
  bucket.put(part("3"), "again", 40);
  expect((await prune("--yes")).stdout).toContain("3 old versions of parts that were removed before");
  expect([1, 2, 3].map((version) => bucket.countOf(part(String(version))))).toEqual([0, 2, 1]);
});

test("states that counted within --older-than keep their parts, and so does what was published within it", async () => {
  for (const [version, daysAgo] of [
    ["1", 90],
    ["2", 60],
    ["3", 20],
    ["4", 10],
    ["5", 1],
  ] as const)
    deployed(version, daysAgo);
  // Of a deploy that waits for somebody's leave.
  bucket.put(part("6"), "new", 2);
  await prune("--yes");
  // The second counted until 20 days ago.
  expect(flinks()).toEqual(["2", "3", "4", "5", "6"]);
  await prune("--yes", "--older-than", "5d");
  expect(flinks()).toEqual(["4", "5", "6"]);
});

test("what a node runs, awaits, or may go back to is kept, however old", async () => {
  for (const version of ["1", "2", "3", "4", "5", "6"]) deployed(version, 400 - 10 * Number(version));
  reports("orders-node-1", state("1"), 0, { pending: { versionId: "v", sha256: sha256(state("2")) } });
  const change = { kind: "desired-state", sha256: sha256(state("6")), reason: "a new desired state" };
  const lock = {
    schemaVersion: 1,
    owner: "orders-node-1",
    phase: "failed",
    change,
    before: { sha256: sha256(state("3")) },
  };
  bucket.put(rollLockKey("orders"), JSON.stringify(lock), 0);
  await prune("--yes");
  expect(flinks()).toEqual(["1", "2", "3", "4", "5", "6"]);
  bucket.put(rollLockKey("orders"), JSON.stringify({ ...lock, owner: null, phase: undefined }), 0);
  reports("orders-node-1", state("6"), 0);
  await prune("--yes");
  expect(flinks()).toEqual(["5", "6"]);
});

test("other clusters of the bucket keep theirs, also one that is gone for a short time, or whose nodes still report", async () => {
  deployed("1", 300, { cluster: "returns" });
  deployed("2", 200, { cluster: "gone" });
  bucket.delete(desiredStateKey("gone"), 10);
  deployed("3", 200, { cluster: "long-gone" });
  bucket.delete(desiredStateKey("long-gone"), 40);
  deployed("4", 100);
  expect((await prune("--yes")).stdout).toMatch(/need: gone, long-gone, orders, returns\n/);
  expect(flinks()).toEqual(["1", "2", "4"]);
});

test("a cluster of another bucket may take its software from this one, unless --alone says that it does not", async () => {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
  const other = new PlayedVersions();
  aws.versions.set("other-bucket", other);
  aws.groups.set("cdktf-flink-elsewhere", { "cdktf-flink-bucket": "other-bucket" });
  deployed("1", 300, { cluster: "elsewhere", into: other });
  const { stdout } = await prune("--yes");
  expect(stdout).toContain(
    "1 part that only clusters of other buckets name (1 KiB) stay; with --alone they would not.\n",
  );
  expect(flinks()).toEqual(["1", "2", "3"]);
  await prune("--yes", "--alone");
  expect(flinks()).toEqual(["2", "3"]);
});

test.each([
  [
    "does not say its bucket",
    {},
    "the resource group cdktf-flink-elsewhere does not say which bucket is the cluster's: apply its stack with this version of cdktf-flink, or give --bucket",
  ],
  [
    "has a state of a form that is not known",
    { "cdktf-flink-bucket": "other-bucket" },
    "desired-state/elsewhere.json, version v1, in the bucket other-bucket is of a form that this version does not know",
  ],
])("it removes nothing where a cluster of another bucket %s", async (_, tags: Record<string, string>, told) => {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
  const other = new PlayedVersions();
  aws.versions.set("other-bucket", other);
  other.put(desiredStateKey("elsewhere"), "{}", 300);
  aws.groups.set("cdktf-flink-elsewhere", tags);
  const ended = await prune("--yes");
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(
    `cdktf-flink: it is not known whether a cluster of another bucket takes software from this one, and nothing was removed (${told}`,
  );
  expect(ended.stderr).toMatch(/\): where none does, give --alone\n$/);
  expect(flinks()).toEqual(["1", "2", "3"]);
});

test("what a node runs is in no version any more: it removes nothing", async () => {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
  reports("orders-node-1", "a state that nobody has", 0);
  expect(await prune("--yes")).toEqual({
    code: 1,
    stdout: "",
    stderr: `cdktf-flink: orders-node-1 runs or awaits the desired state ${sha256("a state that nobody has").slice(0, 12)}, which the bucket some-bucket has in no version any more, so that nobody knows what it needs, and nothing was removed: wait until the node runs the newest one\n`,
  });
  reports("orders-node-1", "", 0, { status: "of a later version" });
  expect((await prune("--yes")).stderr).toContain(
    "reports/orders/orders-node-1.json in the bucket some-bucket is of a form",
  );
  expect(flinks()).toEqual(["1", "2", "3"]);
});

test("a part that somebody names while it is removed is told", async () => {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
  bucket.beforeDeletion = () => bucket.put(desiredStateKey("orders"), state("1"), 0);
  expect(await prune("--yes")).toMatchObject({
    code: 1,
    stderr:
      "cdktf-flink: while it was removed a cluster was deployed that names flink 1: publish it again (npx cdktf-flink publish), or deploy again\n",
  });
  // Old versions of it stay for whoever brings it back.
  expect((await prune()).stdout).toContain("\nflink 1 is needed and was removed: publish it again, or deploy again.\n");
});

test("what is not ours below software/ stays", async () => {
  deployed("1", 100);
  bucket.put("software/notes.txt", "of a person", 400);
  await prune("--yes");
  expect(bucket.keys).toContain("software/notes.txt");
});

test("a bucket that would not keep what is deleted is refused", async () => {
  bucket.isVersioned = false;
  deployed("1", 100);
  expect(await prune("--yes")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "cdktf-flink: the bucket some-bucket is not versioned, and what is deleted there is gone for good: switch its versioning on, and deploy its clusters again\n",
  });
});

test("failures are one sentence", async () => {
  deployed("1", 300);
  deployed("2", 200);
  deployed("3", 100);
  bucket.kept.add(part("1"));
  expect((await prune("--yes")).stderr).toMatch(
    /^cdktf-flink: removing software\/flink\/1\/.* in the bucket some-bucket is not allowed \(AccessDenied\): use credentials that may do it, as those of arn:aws:iam::111122223333:user\/me may not\n$/,
  );
  bucket.delete(desiredStateKey("orders"), 0);
  expect(await prune()).toMatchObject({
    code: 1,
    stderr:
      "cdktf-flink: the bucket some-bucket holds no desired state of a cluster named orders: check --cluster and --bucket, or apply the stack of the cluster first\n",
  });
  aws.failures.set("s3", xmlError(403, "AccessDenied", "Access Denied"));
  expect((await prune()).stderr).toMatch(
    /^cdktf-flink: listing the versions below desired-state\/orders.json in the bucket some-bucket is not allowed/,
  );
  expect(await prune("--older-than", "23h")).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "error: option '--older-than <duration>' argument '23h' is invalid. Give at least 1d: what a deploy has just published is not named yet.\n(see --help)\n",
  });
});
