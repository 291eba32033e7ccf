import { Duration } from "../../core/duration";
import { requireText } from "../../core/validation";
import { MetricQuery } from "../../metrics/metric-query";
import { clusterAlerts } from "./alerts/cluster";
import type { FlinkAlertDefinition } from "./alerts/flink-alert-definition";
import { jobAlerts } from "./alerts/jobs";
import { memoryAlerts } from "./alerts/memory";
import { nodeAlerts } from "./alerts/nodes";
import { RUNBOOKS } from "./flink-alert";
import { FlinkMetricAlertsProps } from "./flink-metric-alerts-props";
import { checkFlinkMetricAlertsProps, FlinkMetricAlertsSettings } from "./flink-metric-alerts-settings";
import { MetricAlert } from "./metric-alert";
import { MetricAlertGroup } from "./metric-alert-group";

const RUNBOOK_URL = /^(?=.{1,200}$)https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/;

/**
 * What this library watches of Flink clusters by their metrics, whichever store they are in. All of it is on; `without` leaves
 * alerts out, and `add` puts some of your own beside them.
 *
 * `new FlinkMetricAlerts().toPrometheusRules()`
 */
export class FlinkMetricAlerts extends MetricAlertGroup {
  public constructor(props: FlinkMetricAlertsProps = {}) {
    const settings = checkFlinkMetricAlertsProps(props);
    const { clusterName, without } = settings;
    const { evaluationInterval, labels, runbookUrl } = props;
    super({ name: clusterName === undefined ? "Flink" : `Flink ${clusterName}`, evaluationInterval, labels });
    if (runbookUrl != null) {
      const allowed = "the beginning of a URL with https, at most 200 letters, digits and -._~/";
      requireText("runbookUrl of FlinkMetricAlerts", runbookUrl, RUNBOOK_URL, allowed);
    }
    const all = [jobAlerts, memoryAlerts, clusterAlerts, nodeAlerts].flatMap((of) => of(settings));
    for (const definition of all) {
      if (!without.includes(definition.alert)) this.add(alertOf(definition, settings, runbookUrl ?? undefined));
    }
  }
}

function alertOf(
  definition: FlinkAlertDefinition,
  { clusterName, watchedFor }: FlinkMetricAlertsSettings,
  runbookUrl: string | undefined,
): MetricAlert {
  const { alert, query, condition, window, lastsFor, isWatched, severity, unit, summary, description } = definition;
  const page = `${RUNBOOKS[alert]}.md`;
  return new MetricAlert({
    name: alert,
    query: new MetricQuery({
      ...query,
      where: { ...query.where, ...(clusterName === undefined ? {} : { cluster: clusterName }) },
      legend: query.by.map((label) => `{{${label}}}`).join(", "),
    }),
    ...{ condition, severity, unit, summary },
    window: Duration.seconds(window),
    lastsFor: lastsFor === undefined ? undefined : Duration.seconds(lastsFor),
    watchedFor: isWatched ? Duration.seconds(watchedFor) : undefined,
    description:
      runbookUrl === undefined ? `${description} Runbook: docs/runbooks/${page} of cdktf-flink` : description,
    runbookUrl: runbookUrl === undefined ? undefined : `${runbookUrl.replace(/\/+$/, "")}/${page}`,
  });
}
