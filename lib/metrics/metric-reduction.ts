/** What becomes of the values that one series has within one step of time. */
export enum OverTime {
  /** Their mean. */
  MEAN = "mean",
  /** The highest of them. */
  MAX = "max",
  /** The lowest of them. */
  MIN = "min",
  /** The latest of them. */
  LAST = "last",
  /** How many of them there are. */
  COUNT = "count",
  /** Of a counter: how much it grows each second. Where it begins anew there is no value, or only that of its new growth. */
  RATE = "rate",
  /** Of a counter: by how much it grows within the step. Where it begins anew there is no value, or only that of its new growth. */
  GROWTH = "growth",
}

/** What becomes of the series that have the same labels, at the same step of time. */
export enum AcrossSeries {
  /** Their sum. */
  SUM = "sum",
  /** Their mean. */
  MEAN = "mean",
  /** The highest of them. */
  MAX = "max",
  /** The lowest of them. */
  MIN = "min",
}
