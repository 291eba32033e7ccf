import { createHash } from "node:crypto";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import { awaitRollout, LONGEST_BOOT_MILLIS } from "../../lib/software/await-rollout";
import { Lines } from "../../lib/software/progress";
import { bucketOf } from "./bucket-of-texts";

const NODES = ["orders-node-1", "orders-node-2"];
const DESIRED = JSON.stringify({ nodes: NODES.map((name) => ({ name })) });
const NEW = createHash("sha256").update(DESIRED).digest("hex");
const OLD = "0".repeat(64);
const SINCE = "2026-01-01T00:00:00Z";
const HOUR = 3_600_000;

const report = (sha256: string, more: object = {}): string =>
  JSON.stringify({ schemaVersion: 1, status: "healthy", running: { versionId: "v", sha256, since: SINCE }, ...more });

function stored(...reports: readonly string[]): Record<string, string> {
  const entries = reports.map((text, index) => [reportKey("orders", NODES[index]), text]);
  return { [desiredStateKey("orders")]: DESIRED, ...Object.fromEntries(entries) };
}

/** What is written while somebody waits, and how it ends. */
function wait(objects: Record<string, string>, timeoutMillis = HOUR): { lines: string[]; end: Promise<string> } {
  const lines: string[] = [];
  const progress = new Lines((line) => lines.push(line));
  return { lines, end: awaitRollout({ from: bucketOf(objects), timeoutMillis, pollMillis: 1, progress }) };
}

/** One turn of what goes on by itself: the bucket answers at once. */
const turn = (): Promise<void> => new Promise(setImmediate);

test("an apply ends when all nodes run what they shall, with a line for each change of a node and no other", async () => {
  const objects = stored(report(NEW, { status: "starting", reasons: ["it fetches software"] }));
  const { lines, end } = wait(objects);
  while (lines.length < 3) await turn();
  objects[reportKey("orders", NODES[0])] = report(NEW);
  while (lines.length < 4) await turn();
  objects[reportKey("orders", NODES[1])] = report(NEW);
  expect(await end).toBe("orders: all nodes are healthy and run what they shall: orders-node-1, orders-node-2.");
  expect(lines).toEqual([
    "orders: waits until all nodes run what they shall, 60 minutes at most",
    "orders-node-1: starting: it fetches software",
    "orders-node-2: unknown: it has not reported yet (status --console tells of its machine and its boot)",
    "orders-node-1: healthy",
    "orders-node-2: healthy",
  ]);
});

test("it fails with the sentence of the rolling change, at once", async () => {
  const change = { kind: "desired-state", sha256: NEW, reason: "a new desired state" };
  const lock = { schemaVersion: 1, owner: NODES[0], phase: "failed", since: SINCE, change, reason: "no room" };
  const objects = { ...stored(report(OLD), report(OLD)), [rollLockKey("orders")]: JSON.stringify(lock) };
  await expect(wait(objects).end).rejects.toThrow(
    `the rolling change to a new desired state (${NEW.slice(0, 12)}) stopped at orders-node-1 since ${SINCE}: no room`,
  );
});

test("it ends well, and tells when, where all that is open waits for its maintenance window, however soon that opens", async () => {
  const opensAt = new Date(Date.now() + HOUR / 2).toISOString();
  const roll = { phase: "waiting", sha256: NEW, since: SINCE, opensAt, reason: "the window is closed" };
  expect(await wait(stored(report(OLD, { roll }), report(NEW))).end).toBe(
    `orders: its nodes take the change over when their maintenance window opens at ${opensAt}, for which this apply does not wait.`,
  );
});

describe("as time goes by", () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] }));
  afterEach(() => jest.useRealTimers());

  /** So much later: whether it has failed by then, and with what. */
  async function failureOf(end: Promise<string>, laterMillis: number): Promise<string | undefined> {
    let failure: string | undefined;
    end.catch((error: unknown) => (failure = String(error)));
    jest.setSystemTime(Date.now() + laterMillis);
    for (let looks = 0; looks < 10; looks += 1) {
      await jest.advanceTimersByTimeAsync(1);
      for (let turns = 0; turns < 10; turns += 1) await turn();
    }
    return failure;
  }

  test("a machine that has never reported fails the apply after fifteen minutes, with where to look", async () => {
    const { end } = wait(stored(report(NEW, { status: "starting", reasons: [] })), 2 * HOUR);
    expect(await failureOf(end, LONGEST_BOOT_MILLIS - 60_000)).toBeUndefined();
    expect(await failureOf(end, 60_000)).toBe(
      "Problem: orders-node-2 has not reported within 15 minutes: status --console tells of machines and of their boot",
    );
  });

  test("a node that has reported is waited for as long as the apply may wait", async () => {
    const ill = report(NEW, { status: "unhealthy", reasons: ["it fetches nothing"] });
    const { end } = wait(stored(report(NEW), ill), 2 * HOUR);
    expect(await failureOf(end, HOUR)).toBeUndefined();
    expect(await failureOf(end, HOUR)).toMatch(
      /did not end within 7200 s\.\norders-node-2 is unhealthy: it fetches nothing\.$/,
    );
  });
});
