import { prometheusDuration } from "../grafana/prometheus-duration";
import { PrometheusStore } from "../grafana/prometheus-store";
import { alertTemplate } from "./alert-text";
import type { MetricAlert } from "./metric-alert";

/** What all rules of a file have in common. */
export interface PrometheusRulesContext {
  readonly group: string;
  readonly intervalSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A file of `rule_files`.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export function prometheusRules(
  alerts: readonly MetricAlert[],
  { group, intervalSeconds, labels }: PrometheusRulesContext,
): object {
  return {
    groups: [
      {
        name: group,
        interval: prometheusDuration(intervalSeconds),
        rules: alerts.map((alert) => prometheusRule(alert, labels)),
      },
    ],
  };
}

function prometheusRule(alert: MetricAlert, labels: Readonly<Record<string, string>>): object {
  const { name, query, severity, _condition: condition, _span: span, _lastsForSeconds: lastsForSeconds } = alert;
  const text = (words: string): string => alertTemplate(words, alert._unit, ".Value");
  return {
    alert: name,
    expr: condition._promQl(new PrometheusStore()._alertExpression(query, span)),
    ...(lastsForSeconds === 0 ? {} : { for: prometheusDuration(lastsForSeconds) }),
    labels: { ...labels, severity },
    annotations: {
      summary: text(alert._summary),
      ...(alert._description === undefined ? {} : { description: text(alert._description) }),
      ...(alert._runbookUrl === undefined ? {} : { runbook_url: alert._runbookUrl }),
    },
  };
}
