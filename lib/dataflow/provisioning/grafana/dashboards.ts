import { isDeepStrictEqual } from "node:util";
import type { ReportLines } from "../function/report";
import { NOT_SEEN_BEFORE_WRITING } from "./folder";
import type { GrafanaApi } from "./grafana-api";
import type { DashboardRequest, GrafanaRequest } from "./grafana-request";
import { isOurs, marked, requireOurs } from "./mark";

/** What Grafana says of a dashboard. */
interface FoundDashboard {
  readonly dashboard: Readonly<Record<string, unknown>> & { readonly version?: number };
  readonly meta: { readonly folderUid?: string };
}

interface Removal extends Pick<GrafanaRequest, "deploy"> {
  /** Statuses that say of a dashboard that it is gone. */
  readonly notThere: readonly number[];
}

/** What people read in the dashboard's history. */
const MESSAGE = "Deployed by cdktf-flink";
const NOT_SAVED = 412;
/** Why not: it was saved since it was looked at. */
const CHANGED_MEANWHILE = "version-mismatch";
const MOST_LOOKS = 3;

/** Refuses a dashboard that others made; changes nothing. */
export async function checkDashboard(api: GrafanaApi, deploy: string, { uid }: DashboardRequest): Promise<void> {
  const found = await find(api, uid);
  if (found) requireOurs(uid, found.dashboard, deploy);
}

/** Brings a dashboard to what is asked for. One that is so already is not saved again: its history stays as it is. */
export async function provideDashboard(
  api: GrafanaApi,
  { deploy, folder }: Pick<GrafanaRequest, "deploy" | "folder">,
  dashboard: DashboardRequest,
  report: ReportLines,
): Promise<void> {
  const { uid } = dashboard;
  const folderUid = folder.uid;
  const wanted = marked(dashboard, deploy);
  const line = `dashboard ${uid}`;
  for (let looks = 1; ; looks++) {
    const found = await find(api, uid);
    if (found) requireOurs(uid, found.dashboard, deploy);
    if (found?.meta.folderUid === folderUid && holds(found.dashboard, wanted)) return void report.there.push(line);
    const what = `the dashboard ${uid} cannot be saved`;
    const body = {
      dashboard: { ...wanted, id: null, version: found?.dashboard.version ?? 0 },
      ...{ folderUid, message: MESSAGE },
      // Grafana compares the version; told to overwrite, it looks at none, and before 11.3 took over others of the same title.
      overwrite: false,
    };
    const answer = await api.ask(what, { method: "POST", path: "/dashboards/db", body }, [NOT_SAVED]);
    if (answer.status !== NOT_SAVED) return void report.made.push(line);
    if (answer.body.status !== CHANGED_MEANWHILE || looks >= MOST_LOOKS) throw api.refusal(what, answer);
  }
}

/** Takes a dashboard away, if it is still this deploy's: whoever took the mark off it keeps it. */
export async function removeDashboard(
  api: GrafanaApi,
  { deploy, notThere }: Removal,
  { uid }: DashboardRequest,
  report: ReportLines,
): Promise<void> {
  const found = await find(api, uid, notThere);
  if (!found || !isOurs(found.dashboard, deploy)) return;
  const what = `the dashboard ${uid} cannot be deleted`;
  await api.ask(what, { method: "DELETE", path: `/dashboards/uid/${uid}` }, [404]);
  report.closed.push(`dashboard ${uid}`);
}

async function find(
  api: GrafanaApi,
  uid: string,
  notThere: readonly number[] = NOT_SEEN_BEFORE_WRITING,
): Promise<FoundDashboard | undefined> {
  const what = `the dashboard ${uid} cannot be read`;
  const { status, body } = await api.ask(what, { method: "GET", path: `/dashboards/uid/${uid}` }, notThere);
  if (notThere.includes(status)) return undefined;
  const { dashboard = {}, meta = {} } = body as Partial<FoundDashboard>;
  return { dashboard, meta };
}

/** Whether Grafana has all of it as it was sent: it adds members of its own. */
function holds(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return isDeepStrictEqual(found, wanted);
  if (typeof found !== "object" || found === null || Array.isArray(found) !== Array.isArray(wanted)) return false;
  if (Array.isArray(wanted) && (found as unknown[]).length !== wanted.length) return false;
  return Object.entries(wanted).every(([member, value]) => holds((found as Record<string, unknown>)[member], value));
}
