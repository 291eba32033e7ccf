import type { AnsweredSeries } from "../../support/pictures/grafana-questions";
import { labelsOf, sortedByTime, StoredValue } from "./metrics-store";

interface PrometheusAnswer {
  readonly error?: string;
  readonly data?: { readonly result: readonly PrometheusSeries[] };
}

interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value as a text: of a range, and of one moment. */
  readonly values?: readonly (readonly [number, string])[];
  readonly value?: readonly [number, string];
}

/** What tells one alert from another, with the name of its rule in `alertname`. */
export type AlertLabels = Readonly<Record<string, string>>;

interface AlertsAnswer {
  readonly error?: string;
  readonly data?: { readonly alerts: readonly { readonly labels: AlertLabels; readonly state: string }[] };
}

/** Those that are told of: not those whose condition has to last longer first. */
export function firingAlertsOf(answer: string): readonly AlertLabels[] {
  const { data, error } = JSON.parse(answer) as AlertsAnswer;
  if (!data) throw new Error(`Prometheus: ${error}`);
  return data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels);
}

/** What a query of PromQL was answered; fails with what was wrong with it. */
export function valuesOfPrometheus(answer: string): readonly StoredValue[] {
  const found = resultOf(answer).flatMap(({ metric, values = [], value }) =>
    [...values, ...(value ? [value] : [])].map(([seconds, text]) => {
      return { at: Math.round(seconds * 1000), value: Number(text), labels: labelsOf(metric) };
    }),
  );
  return sortedByTime(found);
}

/** The same of a query over a range of time, series by series. */
export function seriesOfPrometheus(answer: string): readonly AnsweredSeries[] {
  return resultOf(answer).map(({ metric, values = [] }) => ({ metric, values }));
}

function resultOf(answer: string): readonly PrometheusSeries[] {
  const { data, error } = JSON.parse(answer) as PrometheusAnswer;
  if (!data) throw new Error(`Prometheus: ${error}`);
  return data.result;
}
