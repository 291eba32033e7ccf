import { Plan, PlannedAction, plannedActions } from "../support/terraform";
import { waitFor } from "../lab/wait-for";
import { NodeReport } from "../../lib/node/report";
import { Deployment } from "./deployment";
import { desiredStateHash, readReports } from "./node-reports";

/** Nodes look for a newer desired state every half minute. */
const SEEN_WITHIN = 120_000;

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
 * All that another build of this library may do to a running cluster: publish what is new, and say in the bucket
 * what the nodes shall run.
 */
export const ANOTHER_BUILD: Record<string, PlannedAction[]> = {
  aws_s3_object: ["update"],
  terraform_data: ["replace"],
};

/** The reports, once every node has seen that the bucket holds another state than the one it runs. */
export async function waitForPending(deployment: Deployment): Promise<NodeReport[]> {
  const wanted = await desiredStateHash(deployment);
  return waitForReports(deployment, "all nodes to report the other build's state as pending", ({ pending }) =>
    Boolean(pending && pending.sha256 === wanted),
  );
}

/** The reports, once every node has seen that the bucket holds again what it runs. */
export async function waitForNothingPending(deployment: Deployment): Promise<NodeReport[]> {
  return waitForReports(deployment, "no node to report a pending state", ({ pending }) => !pending);
}

function waitForReports(
  deployment: Deployment,
  what: string,
  holds: (report: NodeReport) => boolean,
): Promise<NodeReport[]> {
  return waitFor(
    async () => {
      const reports = await readReports(deployment);
      return reports.every(holds) && reports;
    },
    { timeout: SEEN_WITHIN, interval: 1000, what },
  );
}
