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

/**
 * Tells what the front decided; fails where a call was refused in normal work, or a statement is there for nothing.
 *
 * @param refusedAttempts how many forbidden attempts were told that a policy refuses them.
 */
export function requireLeastPrivilege(deployment: JudgedDeployment, refusedAttempts = 0): JudgeFigures {
  const { lab, output, teardowns, buildups } = deployment;
  // What a test's own machine was given is not ours to justify.
  const isOurs = ({ owner }: StatementName) => !owner.startsWith(CLIENT_ROLE_PREFIX);
  const figures = readJudgeFigures(lab, { isOurs, teardowns, buildups });
  console.log(tellJudgeFigures(figures));
  const roles = [output.node_role_name, output.job_role_name];
  expect(judgeComplaints(figures, { roles, refusedAttempts, oneNode: output.node_names.length === 1 })).toEqual([]);
  return figures;
}
