import { newReport, ProvisioningReport } from "../function/report";
import { checkDashboard, provideDashboard, removeDashboard } from "./dashboards";
import { notSeenBy, provideFolder } from "./folder";
import type { GrafanaApi } from "./grafana-api";
import type { GrafanaRequest } from "./grafana-request";

type OfGrafana = Pick<GrafanaRequest, "deploy" | "folder" | "dashboards">;

/**
 * Brings a Grafana to what is asked for. What others made is refused before anything is changed. Again, it finds everything
 * there. It deletes nothing, also of what an earlier order asked for.
 */
export async function provideGrafana(api: GrafanaApi, order: OfGrafana): Promise<ProvisioningReport> {
  const { deploy, folder, dashboards } = order;
  for (const dashboard of dashboards) await checkDashboard(api, deploy, dashboard);
  const report = newReport();
  await provideFolder(api, folder, report);
  for (const dashboard of dashboards) await provideDashboard(api, order, dashboard, report);
  return report;
}

/** Takes away what was ordered, as far as it is still this deploy's. The folder stays: Grafana deletes one with all that is in it. */
export async function removeFromGrafana(
  api: GrafanaApi,
  { deploy, folder, dashboards }: OfGrafana,
): Promise<ProvisioningReport> {
  const report = newReport();
  const notThere = await notSeenBy(api, folder);
  for (const dashboard of dashboards) await removeDashboard(api, { deploy, notThere }, dashboard, report);
  return report;
}
