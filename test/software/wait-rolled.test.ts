import { createHash } from "node:crypto";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import { Problem } from "../../lib/software/problem";
import { NO_PROGRESS } from "../../lib/software/progress";
import { WaitsForWindow, waitUntilRolled } from "../../lib/software/wait-rolled";
import { bucketOf } from "./bucket-of-texts";

const NODES = ["orders-node-1", "orders-node-2"];
const DESIRED = JSON.stringify({ nodes: NODES.map((name) => ({ name })) });
const NEW = createHash("sha256").update(DESIRED).digest("hex");
const OLD = "0".repeat(64);
const SINCE = "2026-01-01T00:00:00Z";

const report = (sha256: string, more: object = {}): string =>
  JSON.stringify({ schemaVersion: 1, status: "healthy", running: { versionId: "v", sha256, since: SINCE }, ...more });
const waiting = (roll: object) => ({ roll: { phase: "waiting", sha256: NEW, since: SINCE, ...roll } });

function objects(reports: readonly string[], lock?: object): Record<string, string> {
  const change = { kind: "desired-state", sha256: NEW, versionId: "v", reason: "a new desired state" };
  const record = { schemaVersion: 1, owner: NODES[0], generation: 1, since: SINCE, change, ...lock };
  return {
    [desiredStateKey("orders")]: DESIRED,
    ...Object.fromEntries(reports.map((text, index) => [reportKey("orders", NODES[index]), text])),
    ...(lock ? { [rollLockKey("orders")]: JSON.stringify(record) } : {}),
  };
}

const wait = (stored: Record<string, string>, timeoutMillis = 1) =>
  waitUntilRolled({ from: bucketOf(stored), timeoutMillis, pollMillis: 1 });

test.each([
  ["there never was a roll", undefined],
  ["it is over", { owner: null }],
  ["its node is not of the cluster any more", { owner: "orders-node-9", phase: "applying" }],
  [
    "another change has stopped, and this one is there all the same",
    { phase: "failed", change: { kind: "desired-state", sha256: OLD, reason: "x" } },
  ],
])("all nodes run the newest state, and %s", async (_, lock) => {
  const statuses = await wait(objects([report(NEW), report(NEW)], lock));
  expect(statuses.map(({ node, verdict }) => [node, verdict])).toEqual(NODES.map((node) => [node, "healthy"]));
});

test("goes on until the last node has it, and follows a state that is written meanwhile", async () => {
  const stored = objects([report(NEW), report(OLD)], { phase: "applying" });
  const from = bucketOf(stored);
  const waited = waitUntilRolled({ from, timeoutMillis: 60_000, pollMillis: 1 });
  const newer = `${DESIRED} `;
  const newest = createHash("sha256").update(newer).digest("hex");
  stored[desiredStateKey("orders")] = newer;
  stored[reportKey("orders", NODES[1])] = report(newest);
  const looks = (): number => from.asked.filter((key) => key === rollLockKey("orders")).length;
  for (const before = looks(); looks() < before + 3;) await new Promise(setImmediate);
  stored[reportKey("orders", NODES[0])] = report(newest);
  stored[rollLockKey("orders")] = JSON.stringify({ schemaVersion: 1, owner: null, generation: 2, since: SINCE });
  await expect(waited).resolves.toHaveLength(2);
});

test("at the end of the time it tells what is not there yet", async () => {
  const failure = await wait(
    objects([report(OLD, waiting({ reason: "orders-node-2 comes first" })), report(NEW)], {
      phase: "applying",
      owner: NODES[1],
    }),
  ).catch(String);
  expect(failure).toBe(
    `Problem: the change of orders did not end within 0 s.\n` +
      `orders-node-1 is outdated: it runs another desired state than the one in the bucket: orders-node-2 comes first.\n` +
      `orders-node-2 is rolling: orders-node-2 takes over a new desired state (${NEW.slice(0, 12)}) since ${SINCE}.`,
  );
  await expect(
    wait(
      objects([report(NEW), report(NEW)], {
        phase: "preparing",
        change: { kind: "certificates", sha256: OLD, reason: "new certificates" },
      }),
    ),
  ).rejects.toThrow(/within 0 s\.\norders-node-1 is rolling: orders-node-1 prepares new certificates/);
});

describe("ends at once", () => {
  const HOUR = 3_600_000;

  test("where the roll to this very state stopped, with the reason", async () => {
    const lock = { phase: "failed", reason: "flink-jobmanager.service ended 5 times" };
    const told = `the rolling change to a new desired state (${NEW.slice(0, 12)}) stopped at orders-node-1 since ${SINCE}: flink-jobmanager.service ended 5 times`;
    await expect(wait(objects([report(OLD), report(OLD)], lock), HOUR)).rejects.toThrow(told);
    // Meanwhile certificates are renewed.
    const renewal = { kind: "certificates", sha256: OLD, reason: "new certificates" };
    const stopped = {
      ...lock,
      owner: NODES[0],
      since: SINCE,
      change: { kind: "desired-state", sha256: NEW, reason: "a new desired state" },
    };
    await expect(
      wait(objects([report(OLD), report(OLD)], { owner: NODES[1], phase: "applying", change: renewal, stopped }), HOUR),
    ).rejects.toThrow(told);
  });

  test("where a node refuses it", async () => {
    const refused = { roll: { phase: "refused", sha256: NEW, since: SINCE, reason: "it is of another line of Flink" } };
    await expect(wait(objects([report(NEW), report(OLD, refused)]), HOUR)).rejects.toThrow(
      "orders-node-2 refuses what it shall run: it is of another line of Flink",
    );
    // What it refused once is no reason to give up on another.
    const earlier = { roll: { ...refused.roll, sha256: OLD } };
    await expect(wait(objects([report(NEW), report(OLD, earlier)]))).rejects.toThrow("did not end within 0 s");
  });

  test.each([
    ["jobs", "Flink 2.3 takes over no job of 2.2, and one has not ended: orders (a)"],
    ["slots", "the jobs have 5 slots, and the 2 nodes would have 2 (numberOfTaskSlots 1)"],
  ])("where %s are to be given free first, said by a node that has looked since then", async (waitsFor, reason) => {
    const jobs = report(OLD, waiting({ reason, waitsFor }));
    let now = Date.now();
    const clock = jest.spyOn(Date, "now").mockImplementation(() => (now += 1_000));
    await expect(wait(objects([report(OLD), jobs]), HOUR)).rejects.toThrow(
      `the nodes of orders do not go on: ${reason}`,
    );
    // What it said before all nodes began is no reason, nor what it said before the jobs were stopped.
    const change = { kind: "desired-state", sha256: NEW, reason: "Flink 2.3", line: { from: "2.2", to: "2.3" } };
    await expect(wait(objects([report(OLD), jobs], { phase: "preparing", change }), HOUR)).rejects.toThrow(
      "did not end within 3600 s",
    );
    clock.mockRestore();
    await expect(wait(objects([report(OLD), jobs]))).rejects.toThrow("did not end within 0 s");
  });

  test("where the maintenance window opens after the end of the wait, and only then", async () => {
    const opensAt = new Date(Date.now() + 2 * HOUR).toISOString();
    const closed = report(OLD, waiting({ reason: `the maintenance window opens at ${opensAt}`, opensAt }));
    const failure: unknown = await wait(objects([closed, closed]), HOUR).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WaitsForWindow);
    expect((failure as Error).message).toBe(
      `orders takes the change over when its maintenance window opens at ${opensAt}, and not before this wait is over: wait again then`,
    );
    const ofAnother = waiting({ opensAt, sha256: "1".repeat(64) });
    for (const each of [
      report(OLD),
      report(OLD, ofAnother),
      report(OLD, { ...waiting({ opensAt }), status: "unhealthy" }),
    ]) {
      const other: unknown = await wait(objects([closed, each])).catch((error: unknown) => error);
      expect(other).toBeInstanceOf(Problem);
      expect(other).not.toBeInstanceOf(WaitsForWindow);
    }
  });

  test("where there is no such cluster", async () => {
    await expect(wait({}, HOUR)).rejects.toThrow("holds no desired state of a cluster named orders");
  });
});

describe("where a look fails", () => {
  afterEach(() => jest.restoreAllMocks());

  /** A bucket of which each look after the first fails so often, and then all nodes run the newest state. */
  function troubled(failures: number, failure: Error) {
    const stored = objects([report(NEW), report(OLD)], { phase: "applying" });
    const from = bucketOf(stored);
    const send = from.client.send.bind(from.client) as (command: unknown) => Promise<unknown>;
    let [reads, failed] = [0, 0];
    const client = {
      send: async (command: { readonly input: { readonly Key?: string } }) => {
        if (command.input.Key === desiredStateKey("orders")) reads += 1;
        // A look reads it twice.
        const isFirst = reads <= 2;
        if (!isFirst && failed < failures) {
          failed += 1;
          throw failure;
        }
        if (!isFirst) {
          stored[reportKey("orders", NODES[1])] = report(NEW);
          delete stored[rollLockKey("orders")];
        }
        return send(command);
      },
    } as unknown as typeof from.client;
    return { ...from, client };
  }
  const wentAway = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

  test("as the network was away for a moment, it goes on", async () => {
    const waited = waitUntilRolled({ from: troubled(3, wentAway), timeoutMillis: 60_000, pollMillis: 1 });
    await expect(waited).resolves.toHaveLength(2);
  });

  test("as the time is over, it tells why", async () => {
    const lines: string[] = [];
    const begun = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(begun);
    // The time is over once it was told that one look failed.
    const line = (text: string): void => void (lines.push(text), clock.mockReturnValue(begun + 50));
    const progress = { ...NO_PROGRESS, line };
    const waited = waitUntilRolled({ from: troubled(Infinity, wentAway), timeoutMillis: 50, pollMillis: 1, progress });
    await expect(waited).rejects.toThrow(/ECONNRESET/);
    expect(lines).toEqual([expect.stringMatching(/ECONNRESET.*: it is looked again$/)]);
  });

  test("as nobody may look any more, it ends at once", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    const from = troubled(1, denied);
    await expect(waitUntilRolled({ from, timeoutMillis: 60_000, pollMillis: 1 })).rejects.toThrow(/not allowed/);
  });

  test("at the very first, it ends at once", async () => {
    const client = { send: () => Promise.reject(wentAway) } as unknown as ReturnType<typeof bucketOf>["client"];
    const from = { ...bucketOf({}), client };
    await expect(waitUntilRolled({ from, timeoutMillis: 60_000, pollMillis: 1 })).rejects.toThrow(/ECONNRESET/);
  });
});

test("what a node refused that is silent now is not believed", async () => {
  const stored = objects([
    report(OLD, { roll: { phase: "refused", sha256: NEW, since: SINCE, reason: "x" } }),
    report(NEW),
  ]);
  const waited = waitUntilRolled({ from: bucketOf(stored, undefined, 600), timeoutMillis: 1, pollMillis: 1 });
  await expect(waited).rejects.toThrow(/did not end within 0 s.*\n.*silent/);
});
