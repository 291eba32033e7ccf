import { ProvisioningProblem } from "../function/problem";
import type { DashboardRequest } from "./grafana-request";

/**
 * The tag by which a dashboard says which deploy made it: who changes it by hand sees that the next one writes over it. Not
 * longer than the 50 characters that Grafana keeps of a tag, as the id of a folder has 40.
 */
export function deployTag(folderUid: string): string {
  return `deploy:${folderUid}`;
}

/** The same dashboard with the mark. */
export function marked(dashboard: DashboardRequest, folderUid: string): DashboardRequest {
  return { ...dashboard, tags: [...dashboard.tags, deployTag(folderUid)] };
}

export function isOurs({ tags }: Readonly<Record<string, unknown>>, folderUid: string): boolean {
  return Array.isArray(tags) && tags.includes(deployTag(folderUid));
}

/** Refuses a dashboard that others made. */
export function requireOurs(uid: string, found: Readonly<Record<string, unknown>>, folderUid: string): void {
  if (isOurs(found, folderUid)) return;
  throw new ProvisioningProblem(
    `a dashboard with the id ${uid} is there in Grafana without the tag ${deployTag(folderUid)}, so this deploy did not make it: delete it there, or give yours another id`,
  );
}
