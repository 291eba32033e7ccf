import type { FaultRecord } from "../faults";
import type { AttemptOutcome } from "../job-is-not-machine";

/** Part of a record: what faults did to a job. */
export function faultLines(faults: readonly FaultRecord[]): string[] {
  return [
    "| fault | seconds | restored from checkpoint |",
    "| --- | --- | --- |",
    ...faults.map(
      ({ fault, seconds, restoredFrom }) => `| ${fault} | ${seconds.toFixed(1)} | ${restoredFrom ?? "-"} |`,
    ),
    "",
  ];
}

/** Part of a record: what was tried in vain. */
export function refusedLines(attempts: readonly AttemptOutcome[]): string[] {
  return [
    "What was tried that must be refused:",
    "",
    "| attempt | layer | policy | outcome |",
    "| --- | --- | --- | --- |",
    ...attempts.map((one) => `| ${one.attempt} | ${one.layer} | ${one.policy ?? "-"} | ${one.outcome} |`),
    "",
  ];
}
