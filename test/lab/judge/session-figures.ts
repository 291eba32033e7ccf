import { readFileSync } from "fs";
import { FigureOptions, judgeFigures, JudgeFigures, LoggedCall } from "./figures";

/** Where a session of the lab wrote what was decided. */
export interface JudgedSession {
  readonly accessLog: string;
  readonly statementFile: string;
}

/** The figures of a session that is going on or just ended. */
export function readJudgeFigures(session: JudgedSession, options?: FigureOptions): JudgeFigures {
  const log = lines(session.accessLog).map((line) => JSON.parse(line) as LoggedCall);
  return judgeFigures(log, lines(session.statementFile), options);
}

/** For people: everything that a missing permission, or one too many, is found by. */
export function tellJudgeFigures(figures: JudgeFigures): string {
  const { calls, ofAdministrator, decided, denied, refusedAttempts, usedStatements } = figures;
  const { documentedStatements, idleStatements, unusedActions } = figures;
  const list = (title: string, entries: readonly string[]) => [
    `${title}: ${entries.length}`,
    ...entries.map((entry) => `  ${entry}`),
  ];
  return [
    `calls judged: ${calls} (beside ${ofAdministrator} of the administrator)`,
    ...list(
      "by role and action",
      decided.map((one) => `${one.role} ${one.action}: ${one.decisions}`),
    ),
    ...list("denied in normal work", denied),
    ...list("denied while stacks were destroyed", figures.deniedAtTeardown),
    ...list("sent where no endpoint was", figures.unrouted),
    ...list("sent where no endpoint was yet, or any more", figures.unroutedMeanwhile),
    ...list(
      "refused attempts, by role and layer",
      refusedAttempts.map((one) => `${one.role} ${one.layer}: ${one.attempts}`),
    ),
    ...list("statements used", usedStatements),
    ...list(
      "statements not used, tied to an operation",
      documentedStatements.map((one) => `${one.statement}: ${one.operation}`),
    ),
    ...list("statements neither used nor tied to an operation", idleStatements),
    ...list(
      "actions that were not used of statements that were",
      unusedActions.map((one) => `${one.statement} ${one.action}: ${one.operation ?? "tied to no operation"}`),
    ),
  ].join("\n");
}

/** The last one may be in the middle of being written. Where there is no file nothing was judged. */
function lines(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}
