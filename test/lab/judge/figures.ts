import type { Decision } from "./decision";
import { operationOf } from "./documented-operations";
import { parseStatementLine, StatementName, statementLine } from "./policies";
import { parseInForceLine } from "./statement-file";
import { UnusedAction, UsedActions } from "./unused-actions";

/** A line of the front's log, as far as it is about decisions. */
export interface LoggedCall {
  readonly time: string;
  readonly service: string;
  readonly principal?: string;
  readonly allowed: boolean;
  readonly reason?: string;
  readonly method: string;
  readonly path: string;
  readonly action: string;
  readonly userAgent?: string;
  readonly decisions?: readonly Omit<Decision, "reason">[];
  /** Whether this is what was decided in addition about a call that has a line of its own. */
  readonly followUp?: boolean;
}

/** How somebody names itself who tries on purpose what must be refused; nothing of ours or of Flink's is called so. */
export const ATTEMPT_USER_AGENT = "forbidden-attempt";
/** The same of a program that is built on an SDK of AWS, where `AWS_SDK_UA_APP_ID` is the name. */
const ATTEMPT_APP = `app/${ATTEMPT_USER_AGENT}`;

/** From one time of the log to another. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A stack was destroyed: permissions of its own roles go then while its last machine still runs. */
export interface Teardown extends Period {
  /** Beginnings of the names of the stack's roles: what is refused to others meanwhile is refused in normal work. */
  readonly roles: readonly string[];
}

export interface FigureOptions {
  /** Leaves out statements that nobody has to justify. Default: all count. */
  readonly isOurs?: (statement: StatementName) => boolean;
  readonly teardowns?: readonly Teardown[];
  /** When a cluster was made: its machines may be there before the endpoints of their network are. */
  readonly buildups?: readonly Period[];
}

export interface JudgeFigures {
  /** Calls of all but the administrator, whose calls no policy decides. */
  readonly calls: number;
  readonly ofAdministrator: number;
  /** By role and action. */
  readonly decided: readonly { readonly role: string; readonly action: string; readonly decisions: number }[];
  /** Refused in normal work: each is a permission that is missing, or a caller that asks too much. */
  readonly denied: readonly string[];
  /** Refused to roles of a stack while it was destroyed. */
  readonly deniedAtTeardown: readonly string[];
  /** Sent in normal work from where there was no endpoint: in the cloud they would have got no answer. */
  readonly unrouted: readonly string[];
  /** Sent from where there was no endpoint yet, or none any more, while a stack was made or destroyed. */
  readonly unroutedMeanwhile: readonly string[];
  /** Refused attempts (see `ATTEMPT_USER_AGENT`), by role and layer. */
  readonly refusedAttempts: readonly { readonly role: string; readonly layer: string; readonly attempts: number }[];
  readonly usedStatements: readonly string[];
  /** Never used, but for an operation that is documented: with that operation. */
  readonly documentedStatements: readonly { readonly statement: string; readonly operation: string }[];
  /** Never used and tied to nothing: too much. */
  readonly idleStatements: readonly string[];
  /** Actions of statements that were used for other actions alone. */
  readonly unusedActions: readonly UnusedAction[];
}

/**
 * What the log of a session says, and the list of all statements that were in force (see statement-file.ts). What is not ours (policies that a
 * test made for a machine of its own) counts among the used ones, but nobody asks why it was not.
 */
export function judgeFigures(
  log: readonly LoggedCall[],
  statementLines: readonly string[],
  { isOurs = () => true, teardowns = [], buildups = [] }: FigureOptions = {},
): JudgeFigures {
  const ofOthers = log.filter(({ principal }) => principal !== "administrator");
  const [attempts, judged] = partition(ofOthers, isAttempt);
  const [withoutRoute, refused] = partition(
    judged.filter(({ allowed }) => !allowed),
    (call) => denyingLayer(call) === "route",
  );
  const goes = (call: LoggedCall) => teardowns.some((one) => isWithin(call, one) && isOfRoles(call, one.roles));
  const comes = (call: LoggedCall) => buildups.some((one) => isWithin(call, one));
  const [atTeardown, atWork] = partition(refused, goes);
  const [meanwhile, unrouted] = partition(withoutRoute, (call) => goes(call) || comes(call));
  const usedActions = new UsedActions();
  for (const { decisions = [] } of judged.filter(({ allowed }) => allowed)) {
    for (const { action, statements } of decisions) {
      for (const line of statements) usedActions.add(named(parseStatementLine(line)), action);
    }
  }
  const used = usedActions.statements;
  const inForce = statementLines.map(parseInForceLine).filter(isOurs);
  const known = [...new Set(inForce.map(named))].sort();
  const idle = known
    .filter((line) => !used.has(line))
    .map((statement) => ({
      statement,
      operation: operationOf(parseStatementLine(statement))?.operation,
    }));
  const calls = judged.filter(({ followUp }) => !followUp);
  const byAction = calls
    .filter(({ allowed }) => allowed)
    .flatMap((call) => (call.decisions ?? []).map(({ action }) => [roleOf(call), action] as const));
  const byLayer = attempts.filter(({ allowed }) => !allowed).map((call) => [roleOf(call), denyingLayer(call)] as const);
  return {
    calls: calls.length,
    ofAdministrator: log.length - ofOthers.length,
    decided: count(byAction).map(([[role, action], decisions]) => ({ role, action, decisions })),
    denied: atWork.map(tell),
    deniedAtTeardown: atTeardown.map(tell),
    unrouted: unrouted.map(tell),
    unroutedMeanwhile: meanwhile.map(tell),
    refusedAttempts: count(byLayer).map(([[role, layer], attempts]) => ({ role, layer, attempts })),
    usedStatements: [...used].sort(),
    documentedStatements: idle.flatMap(({ statement, operation }) => (operation ? [{ statement, operation }] : [])),
    idleStatements: idle.filter(({ operation }) => operation === undefined).map(({ statement }) => statement),
    unusedActions: usedActions.unused(inForce, named),
  };
}

/** Terraform makes up the endings of names, and a cluster that is built anew has others. */
function named({ layer, owner, policy, sid }: StatementName): string {
  return statementLine({ layer, owner: layer === "endpoint" ? "*" : withoutEnding(owner), policy, sid });
}

function isAttempt({ userAgent = "" }: LoggedCall): boolean {
  return userAgent === ATTEMPT_USER_AGENT || userAgent.split(" ").includes(ATTEMPT_APP);
}

/** How the figures call a role. */
export function roleInFigures(name: string): string {
  return withoutEnding(name);
}

/** `orders-node-20260101123456789012345678` is `orders-node`, and every network's log is one. */
function withoutEnding(name: string): string {
  return name.replace(/-?\d{18}[0-9a-f]{8}$/, "").replace(/vpc-[0-9a-f]{8,17}$/, "vpc-*");
}

function roleOf({ principal }: LoggedCall): string {
  return withoutEnding((principal ?? "nobody").split("/")[0]);
}

function isWithin({ time }: LoggedCall, { from, to }: Period): boolean {
  return from <= time && time <= to;
}

function isOfRoles({ principal = "" }: LoggedCall, roles: readonly string[]): boolean {
  return roles.some((role) => principal.startsWith(role));
}

function denyingLayer({ decisions }: LoggedCall): string {
  return decisions?.find(({ allowed }) => !allowed)?.layer ?? "unknown";
}

function tell({ time, service, action, method, path, reason }: LoggedCall): string {
  return `${time} ${service} ${action === method ? "" : `${action} `}${method} ${path}: ${reason ?? "no reason"}`;
}

function partition<T>(all: readonly T[], chosen: (one: T) => boolean): [T[], T[]] {
  return [all.filter(chosen), all.filter((one) => !chosen(one))];
}

function count(pairs: readonly (readonly [string, string])[]): [readonly [string, string], number][] {
  const found = new Map<string, number>();
  for (const pair of pairs) found.set(JSON.stringify(pair), (found.get(JSON.stringify(pair)) ?? 0) + 1);
  return [...found].sort().map(([key, number]) => [JSON.parse(key) as [string, string], number]);
}
