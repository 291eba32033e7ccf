/** What one number says of all the values that a line has in the time shown; each is the name that Grafana has for it. */
export enum PanelSummary {
  /** The latest. */
  LAST = "lastNotNull",
  /** The highest. */
  MAX = "max",
  /** The lowest. */
  MIN = "min",
  /** The mean. */
  MEAN = "mean",
  /** Of a counter: by how much it grew, also where it began anew meanwhile. */
  GROWTH = "delta",
}
