import { judgeComplaints } from "../lab/judge/complaints";
import { judgeFigures, JudgeFigures } from "../lab/judge/figures";

const GOOD: JudgeFigures = {
  ...judgeFigures([], []),
  calls: 2,
  usedStatements: ["identity orders-node/x Y"],
  decided: ["orders-node", "orders-job"].map((role) => ({ role, action: "s3:GetObject", decisions: 1 })),
  refusedAttempts: ["orders-node", "orders-job"].map((role) => ({ role, layer: "identity", attempts: 3 })),
};
/** Terraform counts in hexadecimal digits behind the time. */
const ENDING = "20260101000000000000000";
const REPORTS = "identity orders-node/flink-node Reports";
const LOOK_AT_OTHERS = { statement: REPORTS, action: "s3:GetObject" };
const EXPECTED = { roles: [`orders-node-${ENDING}001`, `orders-job-${ENDING}00a`], refusedAttempts: 6 };

test("nothing is wrong with a session that shows all", () => {
  expect(judgeComplaints(GOOD, EXPECTED)).toEqual([]);
});

test("a node that is alone looks at no other", () => {
  const put = { statement: REPORTS, action: "s3:PutObject" };
  const complaints = judgeComplaints({ ...GOOD, unusedActions: [LOOK_AT_OTHERS, put] }, { ...EXPECTED, oneNode: true });
  expect(complaints).toEqual([`never used: ${REPORTS} s3:PutObject`]);
});

test("an action that was not used, and is tied to an operation, is no more than was needed", () => {
  const unusedActions = [{ statement: "x", action: "s3:y", operation: "an operation" }];
  expect(judgeComplaints({ ...GOOD, unusedActions }, EXPECTED)).toEqual([]);
});

test("a session without attempts has to show none", () => {
  const { roles } = EXPECTED;
  expect(judgeComplaints({ ...GOOD, refusedAttempts: [] }, { roles })).toEqual([]);
  expect(judgeComplaints(GOOD, { roles })).toEqual(["6 attempts were refused, and 0 were told so"]);
});

test.each<[string, Partial<JudgeFigures>, string[]]>([
  ["a refusal", { denied: ["x"] }, ["denied: x"]],
  ["a missing route", { unrouted: ["x"] }, ["no route: x"]],
  ["a statement too many", { idleStatements: ["x"] }, ["never used: x"]],
  ["an action too many", { unusedActions: [LOOK_AT_OTHERS] }, [`never used: ${REPORTS} s3:GetObject`]],
  ["no call", { calls: 0 }, ["no call was judged"]],
  ["no statement", { usedStatements: [] }, ["no statement was used"]],
  ["a role that did nothing", { decided: GOOD.decided.slice(1) }, ["nothing was decided for: orders-node"]],
  [
    "attempts of which the log knows nothing",
    { refusedAttempts: GOOD.refusedAttempts.slice(0, 1) },
    ["3 attempts were refused, and 6 were told so", "no attempt was refused to: orders-job"],
  ],
])("%s is complained about", (_, change, complaints) => {
  expect(judgeComplaints({ ...GOOD, ...change }, EXPECTED)).toEqual(complaints);
});

test("of an empty log there is nothing good to say", () => {
  expect(judgeComplaints(judgeFigures([], []), EXPECTED)).toEqual([
    "no call was judged",
    "no statement was used",
    "nothing was decided for: orders-node",
    "nothing was decided for: orders-job",
    "0 attempts were refused, and 6 were told so",
    "no attempt was refused to: orders-node",
    "no attempt was refused to: orders-job",
  ]);
});
