/** What becomes of the values that one series has within one step of a panel, or within the window of an alert. */
export enum OverTime {
  /** Their mean. */
  MEAN = "mean",
  /** The highest of them. */
  MAX = "max",
  /** The lowest of them. */
  MIN = "min",
  /** The latest of them. */
  LAST = "last",
  /** How many of them there are: in an alert. A step of a panel is of another length in each store (of Prometheus four looks at least). */
  COUNT = "count",
  /** Of a counter: how much it grows each second. Where it begins anew there is no value, or only that of its new growth. */
  RATE = "rate",
  /** Of a counter: by how much it grows: in an alert, as the above. Where it begins anew only its new growth counts. */
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
