/** How grave an alert is: the value of its label `severity`. */
export enum AlertSeverity {
  /** Somebody should look when there is time for it. */
  WARNING = "warning",
  /** Somebody should act at once. */
  CRITICAL = "critical",
}
