import { stripVTControlCharacters } from "node:util";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { desiredStateKey, reportKey, rollLockKey } from "../../../lib/core/bucket-layout";
import type { FlinkReport, NodeReport } from "../../../lib/node/report";
import { clusterStatus, knownNodes } from "../../../lib/software/node-status";
import { renderStatus } from "../../../lib/software/status/render-status";
import { whyDown } from "../../../lib/software/status/why-down";
import { spanInWords } from "../../../lib/software/status/words";
import { bucketOf } from "../bucket-of-texts";

const NODES = [1, 2, 3].map((number) => `orders-node-${number}`);
const DESIRED = JSON.stringify({ nodes: NODES.map((name) => ({ name })) });
const SHA256 = createHash("sha256").update(DESIRED).digest("hex");
const AT = "2026-03-01T10:00:00.000Z";
/** When each node took the last change over, and when that had ended: who led then came last, and leads no more. */
const SINCE = [15, 13, 14].map((minute) => `2026-03-01T08:${minute}:20.000Z`);
const ROLLED_AT = "2026-03-01T08:15:50.000Z";
const ID = "a".repeat(32);

const FLINK: FlinkReport = {
  ...{ lookedAt: AT, version: "2.2.1", taskManagers: 3, slotsTotal: 3, slotsFree: 0 },
  jobs: [
    {
      ...{ id: ID, name: "orders", state: "RUNNING", since: "2026-03-01T09:00:00.000Z", restarts: 2 },
      tasks: { total: 2, running: 2, finished: 0, waiting: 0 },
      checkpoint: { completedAt: "2026-03-01T09:59:53.000Z", durationMillis: 850, sizeBytes: 4_404_019 },
    },
    {
      ...{ id: ID, name: "returns", state: "RUNNING", since: "2026-03-01T09:58:20.000Z", restarts: 0 },
      tasks: { total: 4, running: 0, finished: 0, waiting: 4 },
    },
  ],
};

function report(node: string, more: Partial<NodeReport> = {}): NodeReport {
  const certificate = { process: "jobmanager", subject: "", serialNumber: "1", notBefore: AT };
  return {
    ...{ schemaVersion: 1, cluster: "orders", node, reportedAt: AT, bootId: "b", status: "healthy" },
    ...{ reasons: [], units: [], software: [], leads: node === NODES[1] },
    running: { versionId: "v", sha256: SHA256, since: SINCE[NODES.indexOf(node)] ?? AT },
    certificates: {
      nodeAuthority: "",
      issued: [{ ...certificate, notAfter: "2026-04-12T08:00:00.000Z" }],
      renewalDueAt: AT,
    },
    logs: { delivered: 1200, lost: 0, rejected: 0 },
    ...(node === NODES[1] ? { flink: FLINK } : {}),
    ...more,
  };
}

async function statusOf(reports: readonly NodeReport[]) {
  const change = { kind: "desired-state", sha256: SHA256, reason: "a new desired state" };
  const from = bucketOf({
    [desiredStateKey("orders")]: DESIRED,
    [rollLockKey("orders")]: JSON.stringify({ schemaVersion: 1, owner: null, generation: 3, since: ROLLED_AT, change }),
    ...Object.fromEntries(reports.map((each) => [reportKey("orders", each.node), JSON.stringify(each)])),
  });
  return clusterStatus(from, await knownNodes(from));
}

test("a cluster that is well fits a screen, as the page of the command line shows it", async () => {
  const text = renderStatus(await statusOf(NODES.map((node) => report(node))));
  const page = readFileSync(path.resolve(__dirname, "../../../docs/command-line.md"), "utf8");
  expect(page).toContain(`\`\`\`text\n${text}\n\`\`\`\n`);
  expect(`${text}\n`).toBe(`orders: all 3 nodes are healthy

node           status   leads  runs          since              reported  certificates until
orders-node-1  healthy         ${SHA256.slice(0, 12)}  2026-03-01 08:15Z  0 s ago   2026-04-12
orders-node-2  healthy  yes    ${SHA256.slice(0, 12)}  2026-03-01 08:13Z  0 s ago   2026-04-12
orders-node-3  healthy         ${SHA256.slice(0, 12)}  2026-03-01 08:14Z  0 s ago   2026-04-12

Flink 2.2.1, led by orders-node-2: 3 TaskManagers, 0 of 3 slots free (0 s ago).

job      state                      since              restarts  newest checkpoint
orders   RUNNING                    2026-03-01 09:00Z  2         7 s ago, took 850 ms, 4.2 MiB
returns  RUNNING, 0 of 4 tasks run  2026-03-01 09:58Z  0
A job of which no task runs begins just now or, where that lasts, waits for slots and holds up every change: cancel it or another one, or raise nodeCount.

Logs are shipped by 3 nodes.
Metrics are not shipped.
Desired: ${SHA256.slice(0, 12)}.
Rolling change: none is on; the last, to a new desired state (${SHA256.slice(0, 12)}), ended at ${ROLLED_AT}.
`);
});

test("what is wrong of a node stands below the table, under its name", async () => {
  const text = renderStatus(
    await statusOf([
      report(NODES[0], { status: "unhealthy", reasons: ["zookeeper.service is failed", "the disk is full"] }),
      report(NODES[1], { logs: { delivered: 0, lost: 3, rejected: 0, problem: "no way" } }),
      report(NODES[2]),
      report("orders-node-9"),
    ]),
  );
  expect(text).toMatch(/^orders: 2 of 3 nodes are healthy\n/);
  expect(text).toContain(
    "\norders-node-1: zookeeper.service is failed\norders-node-1: the disk is full\norders-node-2: logs: no way; lines lost so far: 3\n",
  );
  expect(text).toMatch(/^orders-node-9 +removed /m);
  expect(text).toContain("\nLogs are not shipped by orders-node-2 just now, of 3 nodes.\n");
});

test("of many jobs the rest is counted, and of none it is said", async () => {
  const job = FLINK.jobs[0];
  const many = { ...FLINK, jobs: Array.from({ length: 20 }, () => job), moreJobs: 17 };
  const text = renderStatus(await statusOf([report(NODES[0], { leads: true, flink: many })]));
  expect(text.match(/^orders +RUNNING/gm)).toHaveLength(20);
  expect(text).toContain("\nand 17 jobs more\n");
  const none = renderStatus(await statusOf([report(NODES[0], { flink: { ...FLINK, jobs: [] } })]));
  expect(none).toContain("free (0 s ago).\nThere are no jobs.\n");
});

test("of tasks that wait nothing is said where a report does not tell of them, nor of a job that does not run", async () => {
  const job = { ...FLINK.jobs[1], tasks: undefined };
  const ended = { ...FLINK.jobs[1], name: "ended", state: "FAILED" };
  const started = { ...FLINK.jobs[1], name: "started", tasks: { total: 4, running: 1, finished: 2, waiting: 1 } };
  // It has its slots.
  const restoring = { ...FLINK.jobs[1], name: "restoring", tasks: { total: 4, running: 0, finished: 0, waiting: 0 } };
  const jobs = [job, ended, started, restoring];
  const text = renderStatus(await statusOf([report(NODES[0], { flink: { ...FLINK, jobs } })]));
  expect(text).toMatch(/^returns +RUNNING +2026/m);
  expect(text).toMatch(/^ended +FAILED +2026/m);
  expect(text).toMatch(/^started +RUNNING, 1 of 4 tasks run +2026/m);
  expect(text).toMatch(/^restoring +RUNNING, 0 of 4 tasks run +2026/m);
  expect(text).not.toContain("waits for slots");
});

test("of two that told of Flink, the newer holds; reports that are old or of an older agent tell nothing", async () => {
  const older = { ...FLINK, lookedAt: "2026-03-01T09:59:00.000Z" };
  const two = await statusOf([report(NODES[0], { flink: older }), report(NODES[1])]);
  expect(two.flink).toMatchObject({ node: NODES[1], ageSeconds: 0 });
  const one = await statusOf([report(NODES[0], { flink: older })]);
  expect(one.flink).toMatchObject({ node: NODES[0], ageSeconds: 60 });
  const text = renderStatus(await statusOf(NODES.map((node) => report(node, { flink: undefined }))));
  expect(text).toContain("\nOf slots and jobs nothing is known: no node has told of them as leader lately.\n");
});

test("colours are for terminals alone, and move no column", async () => {
  const status = await statusOf(NODES.map((node) => report(node)));
  const colourful = renderStatus(status, true);
  expect(colourful).toContain("\u001b[32mhealthy\u001b[39m");
  expect(colourful).toContain("\u001b[32mRUNNING\u001b[39m");
  expect(colourful).toContain("\u001b[33mRUNNING, 0 of 4 tasks run\u001b[39m");
  expect(stripVTControlCharacters(colourful)).toBe(renderStatus(status));
});

test("times are told in few words", () => {
  expect([0, 119, 120, 7199, 7200, 172_799, 172_800].map(spanInWords)).toEqual([
    "0 s",
    "119 s",
    "2 min",
    "119 min",
    "2 h",
    "47 h",
    "2 d",
  ]);
});

describe("a cluster is down", () => {
  const judged = async (ages: readonly (number | undefined)[]) => {
    const status = await statusOf([]);
    const nodes = ages.map((reportAgeSeconds, index) => ({
      ...{ node: NODES[index], reasons: [], reportAgeSeconds },
      verdict:
        reportAgeSeconds === undefined
          ? ("unknown" as const)
          : reportAgeSeconds > 90
            ? ("silent" as const)
            : ("healthy" as const),
    }));
    return whyDown({ ...status, nodes });
  };

  test("where no node that ever reported does any more", async () => {
    const end = "see in the EC2 console whether its machines run";
    expect(await judged([500, 400, undefined])).toBe(
      `the cluster orders is down: none of its 3 nodes has reported lately, the last was orders-node-2 400 seconds ago: ${end}`,
    );
    expect(await judged([500])).toBe(
      `the cluster orders is down: its node has not reported lately, the last was orders-node-1 500 seconds ago: ${end}`,
    );
  });

  test("where no node ever reported, and it is said where to look", async () => {
    const end = "where it was not deployed just now, status --console tells of its machines and their boot";
    expect(await judged([undefined, undefined])).toBe(
      `the cluster orders is not up: none of its 2 nodes has reported yet: ${end}`,
    );
    expect(await judged([undefined])).toBe(`the cluster orders is not up: its node has not reported yet: ${end}`);
  });

  test.each([[[5, 400, 400]], [[5, undefined]], [[]]])("and not where nodes reported %j seconds ago", async (ages) => {
    expect(await judged(ages)).toBeUndefined();
  });

  test("and not where a node reports in a form that is not known", async () => {
    const status = await statusOf([]);
    const newer = { node: NODES[0], verdict: "unknown" as const, reasons: [], reportAgeSeconds: 5 };
    const silent = { node: NODES[1], verdict: "silent" as const, reasons: [], reportAgeSeconds: 400 };
    expect(whyDown({ ...status, nodes: [newer, silent] })).toBeUndefined();
  });
});
