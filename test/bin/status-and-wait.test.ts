import { createHash } from "node:crypto";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import { PlayedAws } from "./played-aws";
import { type Ended, runCommand } from "./run-command";

const PLACE = ["--cluster", "orders", "--region", "eu-west-1"];
const DESIRED = JSON.stringify({ nodes: [{ name: "orders-node-1" }] });
const SHA256 = createHash("sha256").update(DESIRED).digest("hex");

let aws: PlayedAws;

beforeAll(async () => {
  aws = await PlayedAws.start();
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.groups.set("cdktf-flink-orders", { "cdktf-flink-bucket": "some-bucket" });
  aws.objects.set(desiredStateKey("orders"), DESIRED);
});

const run = (command: string, ...args: string[]): Promise<Ended> =>
  runCommand([command, ...PLACE, ...args], aws.environment);

function reports(sha256 = SHA256, more: object = {}): void {
  const running = { versionId: "v", sha256, since: "2026-03-01T10:00:00Z" };
  aws.objects.set(
    reportKey("orders", "orders-node-1"),
    JSON.stringify({ schemaVersion: 1, status: "healthy", running, ...more }),
  );
}

test("status of a cluster that is well ends with 0, without colours where nobody sits", async () => {
  reports();
  const ended = await run("status");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(/^orders: its node is healthy\n\nnode +status/);
});

test("status of a cluster that is down shows it, says so in a sentence, and ends with 1", async () => {
  reports();
  aws.ageSeconds = 400;
  const ended = await run("status");
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^orders-node-1 +silent /m);
  expect(ended.stderr).toBe(
    "cdktf-flink: the cluster orders is down: its node has not reported lately, the last was orders-node-1 400 seconds ago: see in the EC2 console whether its machines run\n",
  );
  const { code, stdout } = await run("status", "--json");
  expect({ code, verdict: (JSON.parse(stdout) as { nodes: { verdict: string }[] }).nodes[0].verdict }).toEqual({
    code: 1,
    verdict: "silent",
  });
});

test("status of a cluster of which no node ever reported shows it, says where to look, and ends with 1", async () => {
  const ended = await run("status");
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^orders-node-1 +unknown /m);
  expect(ended.stderr).toBe(
    "cdktf-flink: the cluster orders is not up: its node has not reported yet: where it was not deployed just now, status --console tells of its machines and their boot\n",
  );
});

test("wait, and wait --healthy, end when nodes are healthy", async () => {
  reports();
  for (const args of [[], ["--healthy"]]) {
    expect(await run("wait", ...args)).toEqual({
      code: 0,
      stdout: "All nodes are healthy: orders-node-1.\n",
      stderr: "orders-node-1: healthy\n",
    });
  }
});

test("wait --rolled ends when all nodes have the change, and at once where it stopped", async () => {
  reports();
  expect(await run("wait", "--rolled")).toMatchObject({
    code: 0,
    stdout: "All nodes have taken the change over: orders-node-1.\n",
  });
  reports("0".repeat(64));
  const change = { kind: "desired-state", sha256: SHA256, reason: "a new desired state" };
  const lock = { schemaVersion: 1, owner: "orders-node-1", phase: "failed", since: "2026-03-01T10:00:00Z", change };
  aws.objects.set(rollLockKey("orders"), JSON.stringify({ ...lock, reason: "no room" }));
  const ended = await run("wait", "--rolled");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /\ncdktf-flink: the rolling change to a new desired state \(.{12}\) stopped at orders-node-1 since .*: no room\n$/,
  );
});

test("await-rollout, which an apply runs, tells of each node in lines of its own, and fails where the change stopped", async () => {
  reports();
  const wait = (): Promise<Ended> => run("await-rollout", "--timeout", "2400s");
  expect(await wait()).toEqual({
    code: 0,
    stdout: "orders: all nodes are healthy and run what they shall: orders-node-1.\n",
    stderr: "orders: waits until all nodes run what they shall, 40 minutes at most\norders-node-1: healthy\n",
  });
  reports("0".repeat(64), { roll: { phase: "refused", sha256: SHA256, reason: "it is of another line of Flink" } });
  expect(await wait()).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /\ncdktf-flink: orders-node-1 refuses what it shall run: it is of another line of Flink\n$/,
    ) as string,
  });
});

test.each([
  [
    ["--rolled", "--nodes", "a"],
    "cdktf-flink: --nodes is given with --rolled, which is about all nodes and the newest change: leave one of them out\n",
  ],
  [
    ["--rolled", "--allow-pending"],
    "cdktf-flink: --allow-pending is given with --rolled, which is about all nodes and the newest change: leave one of them out\n",
  ],
  [["--rolled", "--healthy"], "error: option '--rolled' cannot be used with option '--healthy'\n(see --help)\n"],
  [["--timeout", "soon"], /Give a number and a unit, such as 90s, 10m or 1h\./],
])("wait %j is a wrong command line", async (args, told) => {
  const ended = await run("wait", ...args);
  expect(ended).toEqual({ code: 2, stdout: "", stderr: typeof told === "string" ? told : expect.stringMatching(told) });
});
