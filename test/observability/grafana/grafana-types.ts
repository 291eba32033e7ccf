import type * as stat from "@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen";
import type * as table from "@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen";
import type * as timeSeries from "@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen";
import type { Dashboard } from "@grafana/schema/dist/types/raw/dashboard/x/types.gen";

/**
 * What Grafana publishes of a dashboard's file, and of those parts of a panel that are its plugin's own: under each plugin's name,
 * its options and the fields below `custom`.
 */
export interface GrafanaTypes {
  readonly dashboard: Dashboard;
  readonly stat: { readonly options: stat.Options; readonly custom: Record<string, never> };
  readonly table: { readonly options: table.Options; readonly custom: table.FieldConfig };
  readonly timeseries: { readonly options: timeSeries.Options; readonly custom: timeSeries.FieldConfig };
}
