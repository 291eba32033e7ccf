import type { NodeReport } from "../../lib/node/report";
import { judge } from "../../lib/software/node-status";

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
  ["unknown", undefined, [expect.stringMatching(/^it has not reported yet .*get-console-output/)], {}],
  ["silent", stored({}, 91), ["its last report is 91 seconds old"], {}],
  ["healthy", stored({}, 91), [], { freshSeconds: 100 }],
  ["starting", stored({ status: "starting" }), ["it says that it is starting"], {}],
  ["unhealthy", stored({ status: "unhealthy", reasons: ["ZooKeeper is down"] }), ["ZooKeeper is down"], {}],
  ["outdated", stored({ running: old }), ["it runs another desired state than the one in the bucket"], {}],
  ["outdated", stored({ running: undefined }), ["it runs another desired state than the one in the bucket"], {}],
  ["healthy", stored({ running: old }), [], { allowPending: true }],
  ["unknown", stored({ schemaVersion: 2 as never }), ["its report has a format that this version does not know"], {}],
] as const)("%s: %j", (verdict, report, reasons, options) => {
  expect(judge("orders-node-1", report, CURRENT, options)).toMatchObject({ verdict, reasons });
});

test("a node cannot be current where there is no desired state", () => {
  expect(judge("orders-node-1", stored(), undefined)).toMatchObject({ verdict: "outdated" });
});
