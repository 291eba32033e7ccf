/** What one number says of all the values that a line has in the time shown; each is the name that Grafana has for it. */
export enum PanelSummary {
  /**
   * The value of now, which is the end of the time shown. A line that was there in the time shown, and has told nothing for four
   * looks and 2 minutes, is "no data" in red.
   */
  NOW = "last",
  /** The latest, however old it is. */
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
