import type { NodeReport } from "../../lib/node/report";
import { MACHINE_LEASE_SECONDS, type RollLockRecord } from "../../lib/node/roll";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import {
  clusterStatus,
  describeRoll,
  desiredNodes,
  judge,
  knownNodes,
  lastOfFlink,
  nodesBehind,
} from "../../lib/software/node-status";
import { renderStatus } from "../../lib/software/status/render-status";
import { bucketOf } from "./bucket-of-texts";

const CURRENT = "a".repeat(64);

function stored(difference: Partial<NodeReport> = {}, ageSeconds = 5): { report: NodeReport; ageSeconds: number } {
  return {
    ageSeconds,
    report: {
      schemaVersion: 1,
      cluster: "orders",
      node: "orders-node-1",
      reportedAt: "2026-01-01T00:00:00Z",
      bootId: "boot",
      status: "healthy",
      reasons: [],
      running: { versionId: "v1", sha256: CURRENT, since: "2026-01-01T00:00:00Z" },
      units: [],
      software: [],
      ...difference,
    },
  };
}

const old = { versionId: "v0", sha256: "b".repeat(64), since: "2026-01-01T00:00:00Z" };

test.each([
  ["healthy", stored(), [], {}],
  ["unknown", undefined, [expect.stringMatching(/^it has not reported yet .*status --console/)], {}],
  ["silent", stored({}, 91), ["its last report is 91 seconds old"], {}],
  ["healthy", stored({}, 91), [], { freshSeconds: 100 }],
  ["starting", stored({ status: "starting" }), ["it says that it is starting"], {}],
  ["unhealthy", stored({ status: "unhealthy", reasons: ["ZooKeeper is down"] }), ["ZooKeeper is down"], {}],
  ["outdated", stored({ running: old }), ["it runs another desired state than the one in the bucket"], {}],
  ["outdated", stored({ running: undefined }), ["it runs another desired state than the one in the bucket"], {}],
  ["healthy", stored({ running: old }), [], { allowPending: true }],
  [
    "removed",
    stored({}, 9000),
    ["the desired state does not name it; its last report is 9000 seconds old"],
    { isNamed: false },
  ],
  ["unknown", undefined, [expect.stringMatching(/^it has not reported yet/)], { isNamed: false }],
  ["unknown", stored({ schemaVersion: 2 as never }), ["its report has a format that this version does not know"], {}],
  // Whatever it says, nobody is there who says it.
  ["silent", stored({ schemaVersion: 2 as never }, 91), ["its last report is 91 seconds old"], {}],
] as const)("%s: %j", (verdict, report, reasons, options) => {
  expect(judge("orders-node-1", report, CURRENT, options)).toMatchObject({ verdict, reasons });
});

describe("while a roll is on", () => {
  const lock = (change: Partial<RollLockRecord> = {}): RollLockRecord => ({
    schemaVersion: 1,
    owner: "orders-node-1",
    generation: 3,
    since: "2026-01-01T00:00:00Z",
    change: { kind: "desired-state", sha256: CURRENT, versionId: "v1", reason: "a new desired state" },
    phase: "applying",
    ...change,
  });
  const judged = (roll: RollLockRecord, report = stored(), allowPending = false) =>
    judge("orders-node-1", report, CURRENT, { roll, allowPending });

  test("the node that is changed counts as rolling, also while it is healthy on an older state", () => {
    for (const report of [stored(), stored({ running: old }), stored({ status: "starting" })]) {
      expect(judged(lock(), report, true)).toMatchObject({
        verdict: "rolling",
        reasons: ["orders-node-1 takes over a new desired state (aaaaaaaaaaaa) since 2026-01-01T00:00:00Z"],
      });
    }
    expect(judged(lock(), stored({}, 91)).verdict).toBe("silent");
  });

  test("with another line of Flink every node says what it waits for itself", () => {
    const change = { ...lock().change!, reason: "Flink 2.3 in place of 2.2", line: { from: "2.2", to: "2.3" } };
    const all = lock({ owner: "orders-node-3", change, phase: "stopping", reason: "no disk" });
    const stops =
      "all nodes stop Flink for Flink 2.3 in place of 2.2 (aaaaaaaaaaaa) since 2026-01-01T00:00:00Z: no disk";
    const told = { phase: "stopping", sha256: CURRENT, since: "", reason: "no disk; orders-node-3 is silent" } as const;
    expect(judged(all, stored({ roll: told })).reasons).toEqual([`${stops}; orders-node-3 is silent`]);
    // Of before.
    expect(judged(all, stored({ roll: { ...told, phase: "applying" } })).reasons).toEqual([stops]);
  });

  test("others, and all when it is over, are what they are", () => {
    expect(judged(lock({ owner: "orders-node-2" })).verdict).toBe("healthy");
    expect(judged(lock({ owner: null, phase: undefined })).verdict).toBe("healthy");
    expect(judged(lock({ phase: "failed" }), stored({ running: old }), true).verdict).toBe("healthy");
  });

  test("a node that waits or refuses says why", () => {
    const roll = (phase: "waiting" | "refused", reason: string) =>
      judged(lock({ owner: null }), stored({ running: old, roll: { phase, sha256: CURRENT, since: "", reason } }));
    const other = "it runs another desired state than the one in the bucket";
    expect(roll("waiting", "orders-node-2 comes first").reasons).toEqual([`${other}: orders-node-2 comes first`]);
    expect(roll("refused", "it is of another line").reasons).toEqual([
      `${other}: it refuses that: it is of another line`,
    ]);
  });

  test("a sentence says who does what, and why it stopped", () => {
    expect(describeRoll(lock({ phase: "failed", reason: "b.service ended 5 times" }))).toBe(
      "the rolling change to a new desired state (aaaaaaaaaaaa) stopped at orders-node-1 since 2026-01-01T00:00:00Z: b.service ended 5 times",
    );
    expect(describeRoll(lock({ owner: null, phase: undefined }))).toBe(
      "none is on; the last, to a new desired state (aaaaaaaaaaaa), ended at 2026-01-01T00:00:00Z",
    );
    expect(describeRoll(lock({ owner: null, phase: undefined, change: undefined }))).toBe(
      "none is on, since 2026-01-01T00:00:00Z",
    );
  });

  test("the table shows who leads, what runs and what is pending", () => {
    const nodes = [judged(lock(), stored({ running: old, pending: { ...old, sha256: CURRENT }, leads: true }))];
    const text = renderStatus({ cluster: "orders", desiredSha256: CURRENT, roll: lock(), nodes });
    expect(text).toMatch(/orders-node-1 +rolling +yes +b{12} → a{12} +2026-01-01 00:00Z +5 s ago$/m);
    expect(text).toContain("Desired: aaaaaaaaaaaa.\nRolling change: orders-node-1 takes over");
    expect(renderStatus({ cluster: "orders", nodes: [] })).toContain(
      "There is no desired state.\nThere was no rolling change yet.",
    );
  });
});

describe("the lock of a machine that is changed", () => {
  const change = { kind: "machine", sha256: "c".repeat(64), reason: "a new machine" };
  const held = { schemaVersion: 1, owner: "orders-node-1", generation: 3, since: "", phase: "preparing", change };
  const rollAfter = async (seconds: number, more: object = {}): Promise<RollLockRecord | undefined> => {
    const from = bucketOf({ [rollLockKey("orders")]: JSON.stringify({ ...held, ...more }) }, undefined, seconds);
    return (await clusterStatus(from, [])).roll;
  };

  test("counts as long as somebody keeps it young: its node may not look whether it is free", async () => {
    expect(await rollAfter(MACHINE_LEASE_SECONDS)).toMatchObject({ owner: "orders-node-1", phase: "preparing" });
    expect(await rollAfter(MACHINE_LEASE_SECONDS + 1)).toEqual({
      ...{ schemaVersion: 1, generation: 3, owner: null, since: "", change },
    });
  });

  test("leaves a roll stopped that had stopped before", async () => {
    const stopped = { owner: "orders-node-3", since: "", change: { ...change, kind: "desired-state" }, reason: "bad" };
    expect(await rollAfter(MACHINE_LEASE_SECONDS + 1, { stopped })).toMatchObject({ ...stopped, phase: "failed" });
  });
});

test("nodes whose machines were made of another image are named, with the way to make them anew", async () => {
  const report = (node: string, imageId?: string): [string, string] => [
    reportKey("orders", node),
    JSON.stringify({ ...stored({ node, imageId }).report }),
  ];
  const nodes = ["orders-node-1", "orders-node-2", "orders-node-3", "orders-node-4"];
  const from = bucketOf(
    {
      [desiredStateKey("orders")]: JSON.stringify({ nodes: nodes.slice(0, 3).map((name) => ({ name })) }),
      ...Object.fromEntries([
        report(nodes[0], "ami-00000000000000001"),
        report(nodes[1], "ami-00000000000000002"),
        report(nodes[2]),
        // It is of the cluster no more.
        report(nodes[3], "ami-00000000000000001"),
      ]),
    },
    { "image-id": "ami-00000000000000002" },
  );
  const status = await clusterStatus(from, nodes);
  expect(status.desiredImageId).toBe("ami-00000000000000002");
  expect(nodesBehind(status)).toEqual(["orders-node-1"]);
  expect(renderStatus(status)).toContain(
    "Made of another image than ami-00000000000000002: orders-node-1. `npx cdktf-flink replace --all`",
  );
  expect(renderStatus({ ...status, desiredImageId: undefined })).not.toContain("another image");
});

test("the table shows when the first certificate of a node ends, and why it is not renewed", () => {
  const certificate = (process: string, notAfter: string) => ({
    ...{ process, subject: "", serialNumber: "1", notBefore: "2026-01-01T00:00:00.000Z", notAfter },
  });
  const certificates = {
    nodeAuthority: "",
    issued: [
      certificate("jobmanager", "2026-04-01T00:00:00.000Z"),
      certificate("taskmanager", "2026-03-01T00:00:00.000Z"),
    ],
    renewalDueAt: "2026-02-10T00:00:00.000Z",
  };
  const shown = (renewalProblem?: string) => {
    const report = stored({ certificates: { ...certificates, ...(renewalProblem ? { renewalProblem } : {}) } });
    return renderStatus({ cluster: "orders", nodes: [judge("orders-node-1", report, CURRENT)] });
  };
  expect(shown()).toMatch(/certificates until/);
  expect(shown()).toContain("5 s ago   2026-03-01\n");
  expect(shown()).not.toMatch(/2026-04-01|not renewed/);
  expect(shown("AccessDeniedException")).toContain(
    "\norders-node-1: its certificates are not renewed: AccessDeniedException\n",
  );
});

test("a node cannot be current where there is no desired state", () => {
  expect(judge("orders-node-1", stored(), undefined)).toMatchObject({ verdict: "outdated" });
});

test("the table shows that the host firewall of a node was changed, and calls it no less healthy", () => {
  const hostFirewall = { restored: 2, lastRestoredAt: "2026-03-01T10:00:00.000Z", changed: ["INPUT of iptables"] };
  const shown = (part: object) =>
    renderStatus({ cluster: "orders", nodes: [judge("orders-node-1", stored(part), CURRENT)] });
  expect(shown({ hostFirewall })).toContain("healthy");
  expect(shown({ hostFirewall })).toContain("loaded anew, last at 2026-03-01T10:00:00.000Z (2 times)");
  expect(shown({ hostFirewall })).not.toContain("another program");
  const overtaken = shown({ hostFirewall: { ...hostFirewall, overtaken: ["INPUT of iptables"] } });
  expect(overtaken).toContain("another program keeps its rules before it: INPUT of iptables");
  expect(overtaken).toContain("healthy");
  expect(shown({})).not.toContain("firewall");
});

test("the table shows which connections lack a new credential, and calls the node no less healthy", () => {
  const sentence = "no new credential of the connection orders, and jobs have none: AccessDeniedException";
  const node = judge("orders-node-1", stored({ connectionProblems: [sentence] }), CURRENT);
  expect(node).toMatchObject({ verdict: "healthy", reasons: [] });
  const text = renderStatus({ cluster: "orders", nodes: [node] });
  expect(text).toContain(sentence);
});

test("the table says in one line what keeps logs from where they shall be, and calls the node no less healthy", () => {
  const shown = (logs?: NodeReport["logs"]) => {
    const node = judge("orders-node-1", stored({ logs }), CURRENT);
    expect(node).toMatchObject({ verdict: "healthy", reasons: [] });
    return renderStatus({ cluster: "orders", nodes: [node] });
  };
  const well = { delivered: 12, lost: 0, rejected: 0, lastDeliveredAt: "2026-03-01T10:00:00.000Z" };
  for (const logs of [undefined, well]) expect(shown(logs)).not.toContain("logs:");
  const problem = "the name search.example cannot be resolved";
  expect(shown({ ...well, problem })).toContain(`orders-node-1: logs: ${problem}\n`);
  expect(shown({ ...well, problem, lost: 3, rejected: 2 })).toContain(
    `logs: ${problem}; lines lost so far: 3; refused by their destination so far: 2`,
  );
  expect(shown({ ...well, lost: 3 })).toContain("orders-node-1: logs: lines lost so far: 3\n");
});

test("the same of metrics", () => {
  const shown = (metrics?: NodeReport["metrics"]) => {
    const node = judge("orders-node-1", stored({ metrics }), CURRENT);
    expect(node).toMatchObject({ verdict: "healthy", reasons: [] });
    return renderStatus({ cluster: "orders", nodes: [node] });
  };
  const well = { written: 12, lost: 0, waiting: 3 };
  for (const metrics of [undefined, well]) expect(shown(metrics)).not.toContain("metrics:");
  expect(shown({ ...well, lost: 3, problem: "no way" })).toContain("orders-node-1: metrics: no way; lost so far: 3\n");
});

describe("the nodes that are known", () => {
  const key = desiredStateKey("orders");
  const reportOf = (node: string) => ({ [reportKey("orders", node)]: JSON.stringify(stored({ node }).report) });
  const desired = JSON.stringify({ nodes: [{ name: "orders-node-2" }, { name: "orders-node-10" }] });

  test("those that should be come first, also if they never reported, and those that reported without being wanted", async () => {
    const from = bucketOf({ [key]: desired, ...reportOf("orders-node-11"), ...reportOf("orders-node-2") });
    const nodes = await knownNodes(from);
    expect(nodes).toEqual(["orders-node-2", "orders-node-10", "orders-node-11"]);
    const status = await clusterStatus(from, nodes);
    expect(status.nodes.map(({ verdict }) => verdict)).toEqual(["outdated", "unknown", "removed"]);
  });

  test("without a desired state they are those that reported", async () => {
    expect(await knownNodes(bucketOf(reportOf("orders-node-1")))).toEqual(["orders-node-1"]);
    expect(await knownNodes(bucketOf({}))).toEqual([]);
  });

  describe.each([
    ...["", "no JSON", "{}", "null", "5", '{"nodes":[]}', '{"nodes":null}', '{"nodes":{}}', '{"nodes":"ab"}'],
    ...['{"nodes":[null]}', '{"nodes":[{}]}', '{"nodes":[{"name":""}]}', '{"nodes":[{"name":7}]}'],
  ])("of the desired state %j", (text) => {
    test("nobody can be waited for", async () => {
      await expect(desiredNodes(bucketOf({ [key]: text }))).rejects.toThrow(
        "desired-state/orders.json in the bucket some-bucket cannot be read, or names no node: restore the version of it that Terraform wrote",
      );
    });

    test("those that reported are shown, with what is wrong", async () => {
      const from = bucketOf({ [key]: text, ...reportOf("orders-node-1") });
      const nodes = await knownNodes(from);
      expect(nodes).toEqual(["orders-node-1"]);
      const status = await clusterStatus(from, nodes);
      expect(status.nodes).toMatchObject([{ verdict: "outdated" }]);
      expect(renderStatus(status)).toMatch(/Desired: [0-9a-f]{12} \(it cannot be read, or names no node\)\./);
    });
  });

  test("of a desired state that can be read there is nothing wrong", async () => {
    const status = await clusterStatus(bucketOf({ [key]: desired }), []);
    expect(status).not.toHaveProperty("desiredProblem");
  });
});

test("what a silent node told of Flink last is no news, and known to whoever asks for it", async () => {
  const flink = { lookedAt: "2026-01-01T00:00:00Z", version: "2.2.1", taskManagers: 1, slotsTotal: 2, slotsFree: 2 };
  const { report } = stored({ flink: { ...flink, jobs: [] } });
  const reports = { [reportKey("orders", report.node)]: JSON.stringify(report) };
  const young = await clusterStatus(bucketOf(reports), [report.node]);
  expect(young.flink).toMatchObject({ ...flink, node: report.node, ageSeconds: 0 });
  const old = await clusterStatus(bucketOf(reports, undefined, 300), [report.node]);
  expect([old.nodes[0].verdict, old.flink]).toEqual(["silent", undefined]);
  expect(lastOfFlink(old.nodes)).toMatchObject({ ...flink, node: report.node, ageSeconds: 300 });
  expect(lastOfFlink([{ node: "orders-node-2", verdict: "unknown", reasons: [] }])).toBeUndefined();
});
