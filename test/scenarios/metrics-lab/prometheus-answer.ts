import { labelsOf, sortedByTime, StoredValue } from "./metrics-store";

interface PrometheusAnswer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      /** Seconds since 1970, and the value as a text: of a range, and of one moment. */
      readonly values?: readonly (readonly [number, string])[];
      readonly value?: readonly [number, string];
    }[];
  };
}

/** What a query of PromQL was answered; fails with what was wrong with it. */
export function valuesOfPrometheus(answer: string): readonly StoredValue[] {
  const { data, error } = JSON.parse(answer) as PrometheusAnswer;
  if (!data) throw new Error(`Prometheus: ${error}`);
  const found = data.result.flatMap(({ metric, values = [], value }) =>
    [...values, ...(value ? [value] : [])].map(([seconds, text]) => {
      return { at: Math.round(seconds * 1000), value: Number(text), labels: labelsOf(metric) };
    }),
  );
  return sortedByTime(found);
}
