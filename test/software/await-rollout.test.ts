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

/** What is written while somebody waits, how it ends, and how many looks have asked for a report. */
function wait(
  objects: Record<string, string>,
  timeoutMillis = HOUR,
): { lines: string[]; end: Promise<string>; looks: () => number } {
  const lines: string[] = [];
  const progress = new Lines((line) => lines.push(line));
  const from = bucketOf(objects);
  const looks = (): number => from.asked.filter((key) => key === reportKey("orders", NODES[0])).length;
  return { lines, end: awaitRollout({ from, timeoutMillis, pollMillis: 1, progress }), looks };
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
  // Only the date is another: what waits between two looks is real.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "setTimeout", "clearTimeout"] }));
  afterEach(() => jest.useRealTimers());

  /** So much later, when a whole look has been judged: whether it has failed by then, and with what. */
  async function failureOf({ end, looks }: ReturnType<typeof wait>, laterMillis: number): Promise<string | undefined> {
    let failure: string | undefined;
    end.catch((error: unknown) => (failure = String(error)));
    jest.setSystemTime(Date.now() + laterMillis);
    // That the second look from now on asks tells that the first has been judged.
    const enough = looks() + 2;
    while (failure === undefined && looks() < enough) await turn();
    return failure;
  }

  test("a machine that has never reported fails the apply after fifteen minutes, with where to look", async () => {
    const waiting = wait(stored(report(NEW, { status: "starting", reasons: [] })), 2 * HOUR);
    expect(await failureOf(waiting, LONGEST_BOOT_MILLIS - 60_000)).toBeUndefined();
    expect(await failureOf(waiting, 60_000)).toBe(
      "Problem: orders-node-2 has not reported within 15 minutes: status --console tells of machines and of their boot",
    );
  });

  test("a node that has reported is waited for as long as the apply may wait", async () => {
    const ill = report(NEW, { status: "unhealthy", reasons: ["it fetches nothing"] });
    const waiting = wait(stored(report(NEW), ill), 2 * HOUR);
    expect(await failureOf(waiting, HOUR)).toBeUndefined();
    expect(await failureOf(waiting, HOUR)).toMatch(
      /did not end within 7200 s\.\norders-node-2 is unhealthy: it fetches nothing\.$/,
    );
  });
});
