import { Plan, PlannedAction, plannedActions } from "../support/terraform";
import { NodeReport } from "../../lib/node/report";
import { Deployment } from "./deployment";
import { desiredStateHash, readReports } from "./node-reports";

/** What a plan would do, by type of resource. */
export function actionsByType(plan: Plan): Record<string, PlannedAction[]> {
  const actions: Record<string, PlannedAction[]> = {};
  const types = new Map((plan.resource_changes ?? []).map(({ address, type }) => [address, type]));
  for (const [address, action] of Object.entries(plannedActions(plan))) {
    (actions[types.get(address) as string] ??= []).push(action);
  }
  return actions;
}

/**
 * All that Terraform may do to a running cluster when another build of this library is applied: publish what is new, and
 * say in the bucket what the nodes shall run, which these take over one by one, and wait for them.
 */
export const ANOTHER_BUILD: Record<string, PlannedAction[]> = {
  aws_s3_object: ["update"],
  terraform_data: ["replace", "replace"],
};

/** The reports of nodes that all run what the bucket holds, as they do after an apply that waits for them. */
export async function reportsAfterRoll(deployment: Deployment): Promise<NodeReport[]> {
  const wanted = await desiredStateHash(deployment);
  const reports = await readReports(deployment);
  const others = reports.filter(({ running }) => running?.sha256 !== wanted).map(({ node }) => node);
  if (others.length > 0) throw new Error(`${others.join(", ")} runs something else than the bucket holds`);
  return reports;
}

/** The same, once every node does, where the apply does not wait. */
export async function waitForRoll(deployment: Deployment, timeoutMinutes: number): Promise<NodeReport[]> {
  await deployment.waitUntilHealthy(timeoutMinutes);
  return reportsAfterRoll(deployment);
}

/** What tells one machine, and one boot of it, from another. */
export function whichBoot({ node, bootId }: NodeReport): unknown {
  return { node, bootId };
}
