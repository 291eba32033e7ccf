import { createHash } from "node:crypto";
import type { MetricStore } from "../grafana/metric-store";
import { prometheusDuration } from "../grafana/prometheus-duration";
import { alertTemplate } from "./alert-text";
import type { MetricAlert } from "./metric-alert";

/** Grafana's own source of data, in which values are worked on. */
const EXPRESSIONS = { type: "__expr__", uid: "__expr__" };
/** How a template of Grafana names the value of `B`. */
const VALUE = ".Values.B.Value";
const LONGEST_UID = 40;
const DIGITS_OF_UID = 12;

/** What all rules of a file have in common. */
export interface GrafanaRulesContext {
  readonly group: string;
  readonly folder: string;
  readonly intervalSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly store: MetricStore;
  readonly dataSourceUid: string;
}

/**
 * A file that Grafana is provisioned with.
 *
 * @see https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
 */
export function grafanaRules(alerts: readonly MetricAlert[], context: GrafanaRulesContext): object {
  const { group, folder, intervalSeconds } = context;
  return {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: group,
        folder,
        interval: prometheusDuration(intervalSeconds),
        rules: alerts.map((alert) => grafanaRule(alert, context)),
      },
    ],
  };
}

/** `A` asks the store, `B` has one value of each line, `C` says which of them give an alert. */
function grafanaRule(alert: MetricAlert, { group, labels, store, dataSourceUid }: GrafanaRulesContext): object {
  const { name, severity, _span: span, _lastsForSeconds: lastsForSeconds } = alert;
  const text = (words: string): string => alertTemplate(words, alert._unit, VALUE);
  return {
    uid: uidOf(group, name),
    title: name,
    condition: "C",
    data: [
      step("A", dataSourceUid, span.watchedSeconds ?? span.windowSeconds, {
        datasource: { type: store._plugin, uid: dataSourceUid },
        ...store._alertTarget(alert.query, span),
      }),
      // What is no number, as a part of nothing, is no value.
      expression("B", { type: "reduce", expression: "A", reducer: "last", settings: { mode: "dropNN" } }),
      expression("C", {
        type: "threshold",
        expression: "B",
        conditions: [{ type: "query", evaluator: alert._condition._evaluator() }],
      }),
    ],
    // Without lines there is nothing to look at: no job, no loss. Where lines are watched there is always one, unless the store
    // has nothing at all, and the rule is blind.
    noDataState: span.watchedSeconds === undefined ? "OK" : "NoData",
    // A store that does not answer is no job that is down: Grafana tells of it by an alert of its own.
    execErrState: "Error",
    for: prometheusDuration(lastsForSeconds),
    labels: { ...labels, severity },
    annotations: {
      summary: text(alert._summary),
      ...(alert._description === undefined ? {} : { description: text(alert._description) }),
      ...(alert._runbookUrl === undefined ? {} : { runbook_url: alert._runbookUrl }),
    },
    isPaused: false,
  };
}

function expression(refId: string, model: object): object {
  return step(refId, EXPRESSIONS.uid, 0, { datasource: EXPRESSIONS, ...model });
}

function step(refId: string, datasourceUid: string, fromSeconds: number, model: object): object {
  return {
    refId,
    relativeTimeRange: { from: fromSeconds, to: 0 },
    datasourceUid,
    model: { refId, intervalMs: 1_000, maxDataPoints: 43_200, ...model },
  };
}

/** By it a rule is replaced when its file is provisioned again; no two of an organization have the same. */
function uidOf(group: string, name: string): string {
  const digits = createHash("sha256").update(`${group}\n${name}`).digest("hex").slice(0, DIGITS_OF_UID);
  return `${name.slice(0, LONGEST_UID - DIGITS_OF_UID - 1)}-${digits}`;
}
