import { createColors } from "picocolors";
import type { JobReport } from "../../node/report";
import type { FlinkStatus } from "../node-status";
import { showBytes } from "../progress";
import { columns, counted, spanInWords, timeInWords } from "./words";

type Colours = ReturnType<typeof createColors>;

const GOOD_STATES: ReadonlySet<string> = new Set(["RUNNING", "FINISHED"]);
const BAD_STATES: ReadonlySet<string> = new Set(["FAILED", "FAILING"]);

/** Slots, and a row for each job. */
export function renderFlink(flink: FlinkStatus | undefined, colours: Colours): string {
  if (!flink) return "Of slots and jobs nothing is known: no node has told of them as leader lately.";
  const { version, node, taskManagers, slotsTotal, slotsFree, ageSeconds, jobs, moreJobs = 0 } = flink;
  const head =
    `Flink ${version}, led by ${node}: ${counted(taskManagers, "TaskManager")}, ` +
    `${slotsFree} of ${counted(slotsTotal, "slot")} free (${spanInWords(ageSeconds)} ago).`;
  if (jobs.length === 0) return `${head}\nThere are no jobs.`;
  const table = columns(
    ["job", "state", "since", "restarts", "newest checkpoint"],
    jobs.map((job) => [
      colours.bold(job.name),
      stateInColour(job.state, colours),
      timeInWords(job.since),
      job.restarts === undefined ? "" : String(job.restarts),
      checkpointInWords(job, flink),
    ]),
  );
  return [head, "", table, ...(moreJobs > 0 ? [`and ${counted(moreJobs, "job")} more`] : [])].join("\n");
}

function stateInColour(state: string, colours: Colours): string {
  if (GOOD_STATES.has(state)) return colours.green(state);
  return BAD_STATES.has(state) ? colours.red(state) : colours.yellow(state);
}

/** Its age is told from when Flink told of it, by Flink's own clock. */
function checkpointInWords({ checkpoint }: JobReport, { lookedAt, ageSeconds }: FlinkStatus): string {
  if (!checkpoint) return "";
  const { completedAt, durationMillis, sizeBytes } = checkpoint;
  const before = Math.max(0, Math.round((Date.parse(lookedAt) - Date.parse(completedAt)) / 1000));
  const took = durationMillis < 1000 ? `${durationMillis} ms` : `${(durationMillis / 1000).toFixed(1)} s`;
  return `${spanInWords(before + ageSeconds)} ago, took ${took}, ${showBytes(sizeBytes)}`;
}
