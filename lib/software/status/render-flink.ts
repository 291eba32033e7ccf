import { createColors } from "picocolors";
import { runsWhole, stateInWords } from "../../node/job-state";
import type { JobReport } from "../../node/report";
import type { FlinkStatus } from "../node-status";
import { showBytes } from "../progress";
import { columns, counted, spanInWords, timeInWords } from "./words";

type Colours = ReturnType<typeof createColors>;

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
      stateInColour(job, colours),
      timeInWords(job.since),
      job.restarts === undefined ? "" : String(job.restarts),
      checkpointInWords(job, flink),
    ]),
  );
  const more = moreJobs > 0 ? [`and ${counted(moreJobs, "job")} more`] : [];
  return [head, "", table, ...more, ...hint(flink)].join("\n");
}

function stateInColour(job: JobReport, colours: Colours): string {
  const words = stateInWords(job);
  if (job.state === "FINISHED" || runsWhole(job)) return colours.green(words);
  return BAD_STATES.has(job.state) ? colours.red(words) : colours.yellow(words);
}

/** A job that lacks slots looks as one that begins, for ever, and nodes take nothing over meanwhile. */
function hint({ slotsFree, jobs }: FlinkStatus): readonly string[] {
  const waits = ({ state, tasks }: JobReport): boolean =>
    state === "RUNNING" && tasks !== undefined && tasks.total > 0 && tasks.waiting === tasks.total;
  if (slotsFree > 0 || !jobs.some(waits)) return [];
  return [
    "A job of which no task runs begins just now or, where that lasts, waits for slots and holds up every change: cancel it or another one, or raise nodeCount.",
  ];
}

/** Its age is told from when Flink told of it, by Flink's own clock. */
function checkpointInWords({ checkpoint }: JobReport, { lookedAt, ageSeconds }: FlinkStatus): string {
  if (!checkpoint) return "";
  const { completedAt, durationMillis, sizeBytes } = checkpoint;
  const before = Math.max(0, Math.round((Date.parse(lookedAt) - Date.parse(completedAt)) / 1000));
  const took = durationMillis < 1000 ? `${durationMillis} ms` : `${(durationMillis / 1000).toFixed(1)} s`;
  return `${spanInWords(before + ageSeconds)} ago, took ${took}, ${showBytes(sizeBytes)}`;
}
