import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { DOCUMENTED_ACTIONS, DOCUMENTED_OPERATIONS } from "../lab/judge/documented-operations";
import { ATTEMPT_USER_AGENT, judgeFigures, LoggedCall } from "../lab/judge/figures";
import {
  everyDocument,
  everyStatement,
  parseStatementLine,
  statementLine,
  statementsInForce,
  statementsOf,
} from "../lab/judge/policies";
import { inForceLine, parseInForceLine } from "../lab/judge/statement-file";
import { readJudgeFigures, tellJudgeFigures } from "../lab/judge/session-figures";
import { CheckpointBucket, DataBucket, FlinkNetwork, PostgreSqlCluster, SoftwareBucket } from "../../lib";
import { cluster } from "../cluster/support";
import { clusterPolicies } from "./bench";
import { policiesOf } from "./synthesized-account";

const STATEMENTS = [
  "identity orders-job-20260101000000000000000001/flink-job FlinkState",
  "identity orders-job-20260101000000000000000001/flink-job Idle",
  "identity orders-job-20260101000000000000000002/flink-job FlinkState",
  "endpoint vpce-1/s3 Gate",
  "bucket b/policy DenyInsecureTransport",
  "identity lab-client-20260101000000000000000003/x #1",
];

function logged(more: Partial<LoggedCall>): LoggedCall {
  return {
    ...{ time: "2026-01-01T00:00:00Z", service: "s3", method: "PUT", action: "PUT", path: "/x", allowed: true },
    ...{ principal: "orders-job-20260101000000000000000001/n-1", ...more },
  };
}

const did = (statements: string[]) => [{ action: "s3:PutObject", resource: "x", allowed: true, statements }];
const REFUSED = [{ action: "s3:GetObject", resource: "x", allowed: false, layer: "identity" as const, statements: [] }];
const NO_ROUTE = [{ ...REFUSED[0], layer: "route" as const }];

describe("the figures of a session", () => {
  const figures = judgeFigures(
    [
      logged({ principal: "administrator" }),
      logged({ decisions: did([STATEMENTS[0], STATEMENTS[3]]) }),
      logged({
        decisions: did([STATEMENTS[2], STATEMENTS[3]]),
        principal: "orders-job-20260101000000000000000002/n-2",
      }),
      logged({ userAgent: ATTEMPT_USER_AGENT, allowed: false, decisions: REFUSED, reason: "r1" }),
      logged({ userAgent: ATTEMPT_USER_AGENT, decisions: did([STATEMENTS[1]]) }),
      logged({ allowed: false, decisions: REFUSED, reason: "x may not s3:GetObject" }),
      logged({ allowed: false, decisions: REFUSED, reason: "x may not", time: "2026-01-02T00:30:00Z" }),
      logged({ allowed: false, decisions: NO_ROUTE, reason: "no endpoint" }),
      // While the cluster goes, but somebody else's: nothing of theirs goes with it.
      logged({ allowed: false, decisions: REFUSED, time: "2026-01-02T00:31:00Z", principal: "lab-client-1/i-1" }),
      logged({ allowed: false, decisions: NO_ROUTE, time: "2026-01-02T00:32:00Z", principal: "lab-client-1/i-1" }),
      logged({ allowed: false, decisions: NO_ROUTE, time: "2026-01-02T00:33:00Z", reason: "gone" }),
      logged({ allowed: false, decisions: NO_ROUTE, time: "2026-01-03T00:33:00Z", reason: "not yet" }),
      logged({ allowed: false, decisions: REFUSED, time: "2026-01-03T00:34:00Z", reason: "never" }),
    ],
    STATEMENTS,
    {
      isOurs: ({ owner }) => !owner.startsWith("lab-client-"),
      teardowns: [{ from: "2026-01-02T00:00:00Z", to: "2026-01-02T01:00:00Z", roles: ["orders-job-2026"] }],
      buildups: [{ from: "2026-01-03T00:00:00Z", to: "2026-01-03T01:00:00Z" }],
    },
  );

  test("tell work, attempts and the administrator apart", () => {
    expect(figures).toMatchObject({ calls: 10, ofAdministrator: 1 });
    expect(figures.decided).toEqual([{ role: "orders-job", action: "s3:PutObject", decisions: 2 }]);
    expect(figures.denied).toEqual([
      "2026-01-01T00:00:00Z s3 PUT /x: x may not s3:GetObject",
      "2026-01-02T00:31:00Z s3 PUT /x: no reason",
      "2026-01-03T00:34:00Z s3 PUT /x: never",
    ]);
    expect(figures.deniedAtTeardown).toEqual(["2026-01-02T00:30:00Z s3 PUT /x: x may not"]);
    expect(figures.unrouted).toEqual([
      "2026-01-01T00:00:00Z s3 PUT /x: no endpoint",
      "2026-01-02T00:32:00Z s3 PUT /x: no reason",
    ]);
    expect(figures.unroutedMeanwhile).toEqual([
      "2026-01-02T00:33:00Z s3 PUT /x: gone",
      "2026-01-03T00:33:00Z s3 PUT /x: not yet",
    ]);
    expect(figures.refusedAttempts).toEqual([{ role: "orders-job", layer: "identity", attempts: 1 }]);
  });

  test("name each statement once, used by work or tied to an operation or idle", () => {
    expect(figures.usedStatements).toEqual(["endpoint */s3 Gate", "identity orders-job/flink-job FlinkState"]);
    expect(figures.documentedStatements.map(({ statement }) => statement)).toEqual([
      "bucket b/policy DenyInsecureTransport",
    ]);
    expect(figures.idleStatements).toEqual(["identity orders-job/flink-job Idle"]);
  });

  test("are told in words", () => {
    const told = tellJudgeFigures(figures);
    expect(told).toContain("denied in normal work: 3");
    expect(told).toContain("statements neither used nor tied to an operation: 1\n  identity orders-job/flink-job Idle");
  });
});

test("a session that wrote no log has no figures", () => {
  const none = { accessLog: "/nowhere/calls.jsonl", statementFile: "/nowhere/statements.txt" };
  expect(() => readJudgeFigures(none)).toThrow(/ENOENT/);
});

describe("actions of statements", () => {
  const [JOB, GATE] = ["identity orders-job/flink-job FlinkState", "endpoint */s3 Gate"];
  const inForce = [
    `${STATEMENTS[0]}\ts3:PutObject,s3:DeleteObject,s3:AbortMultipartUpload`,
    `${STATEMENTS[2]}\ts3:PutObject,s3:DeleteObject`,
    `${STATEMENTS[3]}\ts3:Put*,kms:Sign`,
    `${STATEMENTS[1]}\ts3:GetObject`,
    STATEMENTS[4],
  ];
  const unused = (more: readonly LoggedCall[]) => {
    const first = logged({ decisions: did([STATEMENTS[0], STATEMENTS[3]]) });
    return judgeFigures([first, ...more], inForce).unusedActions.map(({ statement, action }) => [statement, action]);
  };

  test("that nobody did are told one by one, though the statement was used", () => {
    expect(unused([])).toEqual([
      [GATE, "kms:Sign"],
      [JOB, "s3:AbortMultipartUpload"],
      [JOB, "s3:DeleteObject"],
    ]);
  });

  test("are used by work alone, of whichever cluster of the same name", () => {
    const decisions = [{ action: "s3:DeleteObject", resource: "x", allowed: true, statements: [STATEMENTS[2]] }];
    expect(unused([logged({ decisions, userAgent: ATTEMPT_USER_AGENT })])).toHaveLength(3);
    expect(unused([logged({ decisions })])).toEqual([
      [GATE, "kms:Sign"],
      [JOB, "s3:AbortMultipartUpload"],
    ]);
  });

  test("may be tied to an operation, and are told with it", () => {
    const figures = judgeFigures([logged({ decisions: did([STATEMENTS[0]]) })], inForce);
    expect(figures.unusedActions).toContainEqual(
      expect.objectContaining({ action: "s3:AbortMultipartUpload", operation: expect.stringMatching(/upload/) }),
    );
    expect(tellJudgeFigures(figures)).toContain(`${JOB} s3:DeleteObject: tied to no operation`);
  });
});

describe("every statement of ours", () => {
  const buckets = policiesOf((stack) => {
    new SoftwareBucket(stack, "software");
    new CheckpointBucket(stack, "checkpoints", { accessLogs: true });
  });
  const dataFlow = policiesOf((stack) => {
    const bucket = new DataBucket(stack, "data");
    const flink = cluster(stack);
    flink.readFrom(bucket.prefix("in/"));
    flink.writeTo(bucket.prefix("out/"));
  });
  const filledByTheDeploy = policiesOf((stack) => {
    const network = new FlinkNetwork(stack, "network");
    new PostgreSqlCluster(stack, "database", { network, databaseName: "company" }).addSchema("analytics");
  });
  const operated = policiesOf((stack) => {
    const { name } = new IamRole(stack, "operators", { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}' });
    cluster(stack).grantOperate(name);
  });
  const all = [clusterPolicies(), buckets, dataFlow, filledByTheDeploy, operated];

  test("has a name, as the log needs one", () => {
    const statements = all.flatMap(everyDocument).flatMap((document) => statementsOf(document));
    expect(statements.length).toBeGreaterThan(30);
    expect(statements.filter(({ Sid }) => !Sid)).toEqual([]);
  });

  test("is found again by its line", () => {
    for (const statement of all.flatMap(everyStatement)) {
      expect(parseStatementLine(statementLine(statement))).toEqual(statement);
    }
  });

  test("is found again with its actions in the file of all", () => {
    const inForce = all.flatMap(statementsInForce);
    for (const statement of inForce) expect(parseInForceLine(inForceLine(statement))).toEqual(statement);
    for (const { layer, sid, action } of DOCUMENTED_ACTIONS) {
      expect(inForce).toContainEqual(
        expect.objectContaining({ layer, sid, actions: expect.arrayContaining([action]) as string[] }),
      );
    }
  });

  test("that is tied to an operation is one of ours", () => {
    const names = new Set(all.flatMap(everyStatement).map(({ layer, sid }) => `${layer} ${sid}`));
    expect(DOCUMENTED_OPERATIONS.map(({ layer, sid }) => `${layer} ${sid}`).filter((name) => !names.has(name))).toEqual(
      [],
    );
  });
});
