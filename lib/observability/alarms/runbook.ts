/** The pages of docs/runbooks, one for each alarm and each rule. */
export type Runbook =
  | "system-status-check"
  | "instance-status-check"
  | "attached-ebs-status-check"
  | "stalled-volume"
  | "missing-node"
  | "instance-state"
  | "instance-health"
  | "data-volume";

/** The end of each message: what to read next. */
export function runbookSentence(runbook: Runbook, url: string | undefined): string {
  return url === undefined ? `Runbook: docs/runbooks/${runbook}.md of cdktf-flink` : `Runbook: ${url}/${runbook}.md`;
}
