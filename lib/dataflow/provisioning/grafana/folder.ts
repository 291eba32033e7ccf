import { ProvisioningProblem } from "../function/problem";
import type { ReportLines } from "../function/report";
import type { GrafanaApi } from "./grafana-api";
import type { FolderRequest } from "./grafana-request";

const NOT_THERE = [404];
/** The same, or that the service account may not see it: versions of Grafana differ in what they say of the first. */
const NOT_SEEN = [403, ...NOT_THERE];
/** Of one that is there already, with this id or, in some versions, with this title. */
const THERE = [409, 412];

/** Makes the folder, unless it is there: then it is left as it is, also where people gave it another title. */
export async function provideFolder(api: GrafanaApi, folder: FolderRequest, report: ReportLines): Promise<void> {
  const { uid, title } = folder;
  const line = `folder ${uid}`;
  if (await isThere(api, folder)) return void report.there.push(line);
  const what = `the folder ${uid} cannot be made`;
  const { status } = await api.ask(what, { method: "POST", path: "/folders", body: { uid, title } }, THERE);
  if (!THERE.includes(status)) return void report.made.push(line);
  // Somebody may have made it meanwhile.
  if (await isThere(api, folder)) return void report.there.push(line);
  throw new ProvisioningProblem(
    `${what}: in Grafana there is another one called "${title}", or one with this id that the service account may not see: set folderTitle or folderUid to another, or folderUid to that of the other folder`,
  );
}

/**
 * What says of a dashboard that it is not there. Before something is made, 403 does as well: who may not see what is there
 * may not write it either, and is told so then.
 */
export const NOT_SEEN_BEFORE_WRITING = NOT_SEEN;

/** The same where nothing is written after it: 403 is believed of a service account that sees the folder. */
export async function notSeenBy(api: GrafanaApi, folder: FolderRequest): Promise<readonly number[]> {
  return (await isThere(api, folder)) ? NOT_SEEN : NOT_THERE;
}

async function isThere(api: GrafanaApi, { uid }: FolderRequest): Promise<boolean> {
  const what = `the folder ${uid} cannot be read`;
  const { status } = await api.ask(what, { method: "GET", path: `/folders/${uid}` }, NOT_SEEN);
  return !NOT_SEEN.includes(status);
}
