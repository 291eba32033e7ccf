import { JudgeFigures, roleInFigures } from "./figures";
import { parseStatementLine } from "./policies";

/** What a session has to have shown, beside that nothing was refused that should not be. */
export interface ExpectedOfJudge {
  /** Roles that worked, by their names in the account. */
  readonly roles: readonly string[];
  /** Attempts that policies refused, as those who tried were told. None where nobody tried. */
  readonly refusedAttempts?: number;
  /** Roles to which attempts were refused, by their names. Default: those that worked. */
  readonly tried?: readonly string[];
  /** Whether the cluster has one node, which has no other to look at before it lets itself be changed. */
  readonly oneNode?: boolean;
}

const LOOK_AT_OTHERS = { sid: "Reports", action: "s3:GetObject" };

/** What is wrong with a session by its judge's figures; nothing where least privilege was shown. */
export function judgeComplaints(figures: JudgeFigures, expected: ExpectedOfJudge): string[] {
  const { calls, decided, denied, unrouted, usedStatements, idleStatements, unusedActions } = figures;
  const each = (what: string, entries: readonly string[]) => entries.map((entry) => `${what}: ${entry}`);
  const refused = figures.refusedAttempts.reduce((sum, { attempts }) => sum + attempts, 0);
  const { roles, refusedAttempts = 0, tried = roles } = expected;
  const worked = new Set(decided.map(({ role }) => role));
  const refusedTo = new Set(figures.refusedAttempts.map(({ role }) => role));
  const missing = (names: readonly string[], among: ReadonlySet<string>) =>
    names.map(roleInFigures).filter((role) => !among.has(role));
  return [
    ...each("denied", denied),
    ...each("no route", unrouted),
    ...each("never used", idleStatements),
    ...each("never used", unneeded(unusedActions, expected)),
    ...(calls === 0 ? ["no call was judged"] : []),
    ...(usedStatements.length === 0 ? ["no statement was used"] : []),
    ...(roles.length === 0 ? ["no role was said to have worked"] : []),
    ...each("nothing was decided for", missing(roles, worked)),
    ...(refused === refusedAttempts ? [] : [`${refused} attempts were refused, and ${refusedAttempts} were told so`]),
    ...(refusedAttempts === 0 ? [] : each("no attempt was refused to", missing(tried, refusedTo))),
  ];
}

/** Actions that nobody did and that nothing is known to need. */
function unneeded(unusedActions: JudgeFigures["unusedActions"], { oneNode = false }: ExpectedOfJudge): string[] {
  const looksAtOthers = (statement: string, action: string) =>
    parseStatementLine(statement).sid === LOOK_AT_OTHERS.sid && action === LOOK_AT_OTHERS.action;
  return unusedActions
    .filter(({ operation }) => operation === undefined)
    .filter(({ statement, action }) => !(oneNode && looksAtOthers(statement, action)))
    .map(({ statement, action }) => `${statement} ${action}`);
}
