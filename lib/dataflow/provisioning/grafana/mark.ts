import { ProvisioningProblem } from "../function/problem";
import type { DashboardRequest } from "./grafana-request";

const PREFIX = "deploy:";

/**
 * The tag by which a dashboard says which deploy made it: who changes it by hand sees that the next one writes over it. With what
 * `GrafanaRequest.deploy` holds it is not longer than the 50 characters that Grafana keeps of a tag.
 */
export function deployTag(deploy: string): string {
  return `${PREFIX}${deploy}`;
}

/** The same dashboard with the mark. */
export function marked(dashboard: DashboardRequest, deploy: string): DashboardRequest {
  return { ...dashboard, tags: [...dashboard.tags, deployTag(deploy)] };
}

export function isOurs(found: Readonly<Record<string, unknown>>, deploy: string): boolean {
  return tagsOf(found).includes(deployTag(deploy));
}

/** Refuses a dashboard that others made. */
export function requireOurs(uid: string, found: Readonly<Record<string, unknown>>, deploy: string): void {
  if (isOurs(found, deploy)) return;
  const theirs = tagsOf(found).find((tag) => tag.startsWith(PREFIX));
  throw new ProvisioningProblem(
    theirs === undefined
      ? `a dashboard with the id ${uid} is there in Grafana without the tag ${deployTag(deploy)}, so this deploy did not make it: delete it there, or give yours another id`
      : `a dashboard with the id ${uid} is there in Grafana with the tag ${theirs}, so another deploy than this one (${deployTag(deploy)}) made it: let one of the two have it, or give yours another id`,
  );
}

function tagsOf({ tags }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(tags) ? tags.map(String) : [];
}
