import type { Reducer } from "./grafana-file";

/** As Grafana calls them; the star is for what leaves gaps out. */
export const REDUCER_NAMES: Readonly<Record<Reducer, string>> = {
  delta: "Delta",
  last: "Last",
  lastNotNull: "Last *",
  max: "Max",
  mean: "Mean",
  min: "Min",
};

/**
 * One number of all those of a line; none where it has none.
 *
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/calculation-types/
 */
export function reduced(reducer: Reducer, values: readonly (number | null)[]): number | null {
  if (reducer === "last") return values[values.length - 1] ?? null;
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  switch (reducer) {
    case "delta":
      return growthOf(numbers);
    case "lastNotNull":
      return numbers[numbers.length - 1];
    case "max":
      return Math.max(...numbers);
    case "mean":
      return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    case "min":
      return Math.min(...numbers);
  }
}

/** A counter that is lower than before began anew at 0. */
function growthOf(numbers: readonly number[]): number {
  return numbers
    .slice(1)
    .map((value, at) => (value < numbers[at] ? value : value - numbers[at]))
    .reduce((sum, growth) => sum + growth, 0);
}
