import type { JudgeFigures } from "../lab/judge/figures";
import type { AttemptOutcome } from "./job-is-not-machine";

/** Part of a record: forbidden attempts, by what refused them. */
export function attemptLines(attempts: readonly AttemptOutcome[]): string[] {
  return [
    "What a job tried that only the machine may, and a machine that its role may not:",
    "",
    "| attempt | layer | policy | outcome |",
    "| --- | --- | --- | --- |",
    ...attempts.map((one) => `| ${one.attempt} | ${one.layer} | ${one.policy ?? "-"} | ${one.outcome} |`),
    "",
  ];
}

/** Part of a record: what the judge of the lab's front decided by the account's own policies. */
export function judgeLines(figures: JudgeFigures): string[] {
  const { calls, ofAdministrator, denied, deniedAtTeardown, unrouted, unroutedMeanwhile } = figures;
  const { usedStatements, documentedStatements, idleStatements, refusedAttempts, unusedActions } = figures;
  const rows: [string, number][] = [
    ["calls of roles, each decided by the account's policies", calls],
    ["calls of the administrator, decided by none", ofAdministrator],
    ["refused in normal work", denied.length],
    ["refused to a stack's own roles while it was destroyed", deniedAtTeardown.length],
    ["without an endpoint in normal work", unrouted.length],
    ["without an endpoint while a stack was made or destroyed", unroutedMeanwhile.length],
    ...refusedAttempts.map((one): [string, number] => [
      `forbidden attempts of ${one.role}, refused by ${one.layer}`,
      one.attempts,
    ]),
    ["statements used", usedStatements.length],
    ["statements not used, tied to an operation", documentedStatements.length],
    ["statements neither used nor tied to an operation", idleStatements.length],
  ];
  return [
    "What was decided on calls of AWS's APIs, over the whole session:",
    "",
    "| figure | number |",
    "| --- | --- |",
    ...rows.map(([title, figure]) => `| ${title} | ${figure} |`),
    "",
    "| statement not used | operation that needs it |",
    "| --- | --- |",
    ...documentedStatements.map(({ statement, operation }) => `| ${statement} | ${operation} |`),
    "",
    "| action not used, of a statement used for others | operation that needs it |",
    "| --- | --- |",
    ...unusedActions.map((one) => `| ${one.statement} ${one.action} | ${one.operation ?? "none is known"} |`),
    "",
  ];
}
