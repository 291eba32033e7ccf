import { judgeComplaints } from "../lab/judge/complaints";
import { JudgeFigures, Period, Teardown } from "../lab/judge/figures";
import { JudgedSession, readJudgeFigures, tellJudgeFigures } from "../lab/judge/session-figures";
import type { StatementName } from "../lab/judge/policies";
import type { ClusterOutput } from "./deployment";
import { CLIENT_ROLE_PREFIX } from "./lab-stacks";

/** What a session is judged by at its end. */
export interface JudgedDeployment {
  readonly lab: JudgedSession;
  readonly output: Pick<ClusterOutput, "node_role_name" | "job_role_name" | "node_names">;
  readonly teardowns: readonly Teardown[];
  readonly buildups: readonly Period[];
}

/** Who had a part in a session beside the machines and the jobs. */
export interface People {
  /** Roles of people whose work is judged as the cluster's own, and who were refused some attempts. */
  readonly operators: readonly string[];
  /** Roles that a test made, and that are refused all attempts. */
  readonly foreign: readonly string[];
}

/**
 * Tells what the front decided; fails where a call was refused in normal work, or a statement is there for nothing.
 *
 * @param refusedAttempts how many forbidden attempts were told that a policy refuses them.
 * @param people where some took roles of the account
 */
export function requireLeastPrivilege(
  deployment: JudgedDeployment,
  refusedAttempts = 0,
  people?: People,
): JudgeFigures {
  const { lab, output, teardowns, buildups } = deployment;
  // What a test's own machine was given is not ours to justify.
  const isOurs = ({ owner, layer }: StatementName) =>
    !owner.startsWith(CLIENT_ROLE_PREFIX) &&
    !people?.foreign.includes(owner) &&
    // Who takes a role of people is theirs to say.
    !(layer === "trust" && people?.operators.includes(owner));
  const figures = readJudgeFigures(lab, { isOurs, teardowns, buildups });
  console.log(tellJudgeFigures(figures));
  const roles = [output.node_role_name, output.job_role_name, ...(people?.operators ?? [])];
  const tried = people && [...people.operators, ...people.foreign];
  const oneNode = output.node_names.length === 1;
  expect(judgeComplaints(figures, { roles, refusedAttempts, tried, oneNode })).toEqual([]);
  return figures;
}
