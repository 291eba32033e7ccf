import { JudgedSession, readJudgeFigures, tellJudgeFigures } from "../lab/judge/session-figures";
import type { Period } from "../lab/judge/figures";
import { CLIENT_ROLE_PREFIX } from "./lab-stacks";

/** What a session is judged by at its end. */
export interface JudgedDeployment {
  readonly lab: JudgedSession;
  readonly teardowns: readonly Period[];
}

/** Tells what the front decided; fails where a call was refused in normal work, or a statement is there for nothing. */
export function requireNoneDeniedNorIdle({ lab, teardowns }: JudgedDeployment): void {
  // What a test's own machine was given is not ours to justify.
  const isOurs = ({ owner }: { readonly owner: string }) => !owner.startsWith(CLIENT_ROLE_PREFIX);
  const figures = readJudgeFigures(lab, { isOurs, teardowns });
  console.log(tellJudgeFigures(figures));
  expect({ denied: figures.denied, idle: figures.idleStatements }).toEqual({ denied: [], idle: [] });
}
