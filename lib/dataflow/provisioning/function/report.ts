/** What was done, for people: each entry names one thing, such as `table analytics.revenue`. */
export interface ProvisioningReport {
  readonly made: readonly string[];
  /** Was there before, and is as it was. */
  readonly there: readonly string[];
  /** What somebody may no longer do. */
  readonly closed: readonly string[];
}

/** A report that is being written. */
export type ReportLines = { readonly [list in keyof ProvisioningReport]: string[] };

export function newReport(): ReportLines {
  return { made: [], there: [], closed: [] };
}
