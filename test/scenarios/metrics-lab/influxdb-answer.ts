import { labelsOf, sortedByTime, StoredValue } from "./metrics-store";

interface InfluxDbAnswer {
  readonly error?: string;
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly tags?: Readonly<Record<string, string>>;
      readonly columns: readonly string[];
      readonly values: readonly (string | number | null)[][];
    }[];
  }[];
}

/** What a statement of InfluxQL was answered that selects one field; fails with what was wrong with it. */
export function valuesOfInfluxDb(answer: string, field: string): readonly StoredValue[] {
  const { results = [], error } = JSON.parse(answer) as InfluxDbAnswer;
  const problem = error ?? results.find((result) => result.error !== undefined)?.error;
  if (problem !== undefined) throw new Error(`InfluxDB: ${problem}`);
  const found = results.flatMap(({ series = [] }) =>
    series.flatMap(({ tags = {}, columns, values }) =>
      values.flatMap((row) => {
        const [at, value] = [row[columns.indexOf("time")], row[columns.indexOf(field)]];
        return value === null ? [] : [{ at: Number(at), value: Number(value), labels: labelsOf(tags) }];
      }),
    ),
  );
  return sortedByTime(found);
}
