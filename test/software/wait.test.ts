import { createHash } from "node:crypto";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import { waitForNodes } from "../../lib/software/wait";
import { bucketOf } from "./bucket-of-texts";

const desired = JSON.stringify({ nodes: [{ name: "orders-node-1" }, { name: "orders-node-2" }] });
const report = (sha256 = createHash("sha256").update(desired).digest("hex")): string =>
  JSON.stringify({
    schemaVersion: 1,
    status: "healthy",
    reasons: [],
    running: { versionId: "v", sha256, since: "2026-01-01T00:00:00Z" },
  });
const both = {
  [desiredStateKey("orders")]: desired,
  [reportKey("orders", "orders-node-1")]: report(),
  [reportKey("orders", "orders-node-2")]: report(),
};

test("a cluster that has no desired state is refused at once, also with nodes named", async () => {
  for (const nodes of [undefined, ["orders-node-1"]]) {
    const from = bucketOf({});
    await expect(waitForNodes({ from, nodes, timeoutMillis: 3_600_000 })).rejects.toThrow(
      "the bucket some-bucket holds no desired state of a cluster named orders: check --cluster and --bucket, or apply the stack of the cluster first",
    );
    expect(from.asked).toEqual([desiredStateKey("orders")]);
  }
});

test("without names, the nodes are those of the desired state", async () => {
  const statuses = await waitForNodes({ from: bucketOf(both), timeoutMillis: 1 });
  expect(statuses.map(({ node }) => node)).toEqual(["orders-node-1", "orders-node-2"]);
});

test("only the named nodes are waited for", async () => {
  const from = bucketOf({ ...both, [reportKey("orders", "orders-node-2")]: report("0".repeat(64)) });
  await expect(waitForNodes({ from, nodes: ["orders-node-1"], timeoutMillis: 1 })).resolves.toHaveLength(1);
  await expect(waitForNodes({ from, timeoutMillis: 1, pollMillis: 1 })).rejects.toThrow(
    /^not all nodes of orders became healthy within 0 s\.\norders-node-2 is outdated: it runs another/,
  );
});

describe("while a node that is not waited for holds the lock of the rolling change", () => {
  const lock = (difference: object = {}): Record<string, string> => ({
    [rollLockKey("orders")]: JSON.stringify({
      schemaVersion: 1,
      owner: "orders-node-2",
      generation: 3,
      since: "2026-01-01T00:00:00Z",
      change: { kind: "desired-state", sha256: "a".repeat(64), versionId: "v1", reason: "a new desired state" },
      phase: "applying",
      ...difference,
    }),
  });
  const wait = (difference?: object) =>
    waitForNodes({ from: bucketOf({ ...both, ...lock(difference) }), nodes: ["orders-node-1"], timeoutMillis: 1 });

  test.each(["preparing", "applying", "going-back"])("%s: nobody else may go down", async (phase) => {
    await expect(wait({ phase })).rejects.toThrow(
      /^the rolling change of orders did not end within 0 s: orders-node-2 [a-z ]+ a new desired state \(a{12}\) since 2026-01-01T00:00:00Z\.$/,
    );
  });

  test.each([
    ["it failed", { phase: "failed" }],
    ["it is free", { owner: null, phase: undefined }],
    ["its node is not of the cluster any more", { owner: "orders-node-9" }],
  ])("%s: nobody is changed", async (_, difference) => {
    await expect(wait(difference)).resolves.toHaveLength(1);
  });
});

test("what a report says reaches the terminal without control characters", async () => {
  const hostile = {
    schemaVersion: 1,
    status: "unhealthy",
    reasons: ["\u001b[2Jthe job \u009b31mx\nnode-9 is healthy"],
  };
  const from = bucketOf({ ...both, [reportKey("orders", "orders-node-2")]: JSON.stringify(hostile) });
  await expect(waitForNodes({ from, timeoutMillis: 1, pollMillis: 1 })).rejects.toThrow(
    /\norders-node-2 is unhealthy: \[2Jthe job {2}31mx node-9 is healthy\.$/,
  );
});
