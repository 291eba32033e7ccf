import { Command, Option } from "commander";
import { printable } from "../lib/core/printable";
import { ValidationError } from "../lib/core/validation";
import { clusterOfState } from "../lib/local/cluster-of-state";
import { localSoftware } from "../lib/local/local-software";
import { runFlink } from "../lib/operate/flink-cli/run-flink";
import { SteadyRest } from "../lib/operate/steady-rest";
import { FlinkJobs, shownJob } from "../lib/operate/stopped-jobs/flink-jobs";
import type { JobsFile, StoppedJob } from "../lib/operate/stopped-jobs/jobs-file";
import { newestKeptCheckpoint } from "../lib/operate/stopped-jobs/kept-checkpoints";
import { JobsFileStore, readJobsFile } from "../lib/operate/stopped-jobs/jobs-file-store";
import { resumeJobs } from "../lib/operate/stopped-jobs/resume-jobs";
import { requireNoLineChange } from "../lib/operate/stopped-jobs/line-change";
import { isStopped, stopJobs } from "../lib/operate/stopped-jobs/stop-jobs";
import type { Submission } from "../lib/operate/stopped-jobs/submission";
import { openWay } from "../lib/operate/tunnel/open-way";
import { CurrentWay } from "../lib/operate/tunnel/current-way";
import { clusterStatus } from "../lib/software/node-status";
import { duration, example } from "./arguments";
import { type Operator, operatorOf, type OperatorFlags, withOperatorOptions } from "./operator-options";
import { type OwnSoftwareFlags, withOwnSoftwareOptions } from "./own-software-options";
import { withProgress } from "./with-progress";

/** A savepoint of much state, and many jobs one after the other, take their time. */
const VALIDITY_SECONDS = 12 * 3600;

interface StopFlags extends OperatorFlags {
  readonly out: string;
  readonly jobs?: string;
  readonly timeout: number;
}

interface ResumeFlags extends OperatorFlags, OwnSoftwareFlags {
  readonly withoutState?: boolean;
  readonly timeout: number;
}

/** Adds the commands that stop all jobs of a cluster and begin them again. */
export function addJobs(cli: Command): void {
  const jobs = cli
    .command("jobs")
    .summary("stop all jobs with savepoints, and begin them again from these, as for another line of Flink")
    .description(
      "Stops all jobs of a cluster with savepoints, and later begins each again from its own, as another line of Flink needs it. " +
        "Both can be interrupted and run again: they go on with what is left.",
    );
  addStop(jobs);
  addResume(jobs);
}

function addStop(jobs: Command): void {
  withOperatorOptions(jobs.command("stop"))
    .summary("stop every job with a savepoint, and write down where these lie")
    .description(
      "Stops every job that has not ended with a savepoint, waits until each has ended, and writes a file that says for each its id, name and savepoint, " +
        "and how it is begun again: `submit`, which you fill in, or which --jobs gives by the names of the jobs. " +
        "Savepoints are of the canonical format, or of the native one where a state of the job cannot be written so. " +
        "A job of which not all tasks run cannot be stopped; then none is, unless it was before. The same command again goes on with what is left.",
    )
    .requiredOption("--out <file>", "the file, which is written after each job; what it holds already stays")
    .option("--jobs <file>", "such a file of an earlier time: how each job is begun again is taken from it")
    .addOption(
      new Option("--timeout <duration>", "how long each job may take to stop")
        .argParser(duration)
        .default(3_600_000, "1h"),
    )
    .addHelpText("after", example("jobs stop --cluster streaming-flink --region eu-west-1 --out jobs.json"))
    .action(async (flags: StopFlags) => {
      const { out, timeout: timeoutMillis } = flags;
      const earlier = flags.jobs === undefined ? undefined : await readJobsFile(flags.jobs);
      if (flags.jobs !== undefined && !earlier) {
        throw new ValidationError(
          `--jobs names ${flags.jobs}, which is not there: name a file of an earlier jobs stop`,
        );
      }
      const told = await JobsFileStore.lend(out, async (store) => {
        await store.read();
        const operator = await operatorOf(flags, VALIDITY_SECONDS);
        const { cluster, region, bucket } = operator.from;
        requireSameCluster(await store.read(), out, cluster);
        const stopped = await withJobs(operator, (found) =>
          withProgress((progress) =>
            stopJobs({
              ...{ place: { cluster, region, bucket }, store, jobs: found, timeoutMillis, progress },
              newestKept: (id) => newestKeptCheckpoint(operator.from, id),
              earlier: earlier?.jobs ?? [],
            }),
          ),
        );
        return afterStop(stopped.filter(isStopped), out);
      });
      console.log(told);
    });
}

function addResume(jobs: Command): void {
  withOwnSoftwareOptions(withOperatorOptions(jobs.command("resume")))
    .summary("begin the jobs that jobs stop has stopped again, each from its savepoint")
    .description(
      "Begins each job of a file again from its savepoint, in the order of the file, as its `submit` says, and waits until all tasks of all run. " +
        'That is a command of this command line, such as ["flink", "run", "-d", "orders.jar"] or ["sql", "-f", "orders.sql"], whose script begins one job; its files are found from where you are. ' +
        "Flink's own client makes the job, of the version that the nodes run. What has begun is written down, and not begun twice. It begins no more once a job does not run. " +
        "Where the nodes run a line of Flink that does not read one of the savepoints, it begins no job.",
    )
    .argument("<file>", "what jobs stop wrote, with submit filled in; it names the cluster too")
    .option(
      "--without-state",
      "begin all jobs that are left anew: what they had read, counted and not yet written is gone from them, and their savepoints are kept",
    )
    .addOption(
      new Option("--timeout <duration>", "how long each job may take until all its tasks run")
        .argParser(duration)
        .default(600_000, "10m"),
    )
    .addHelpText("after", example("jobs resume jobs.json"))
    .action((file: string, flags: ResumeFlags) =>
      JobsFileStore.lend(file, async (store) => {
        const found = await store.readWritten();
        const operator = await operatorOf(withPlaceOf(found, flags), VALIDITY_SECONDS);
        requireSameCluster(found, file, operator.from.cluster);
        const resumed = await withJobs(operator, (own) => resume(flags, operator, store, own));
        console.log(afterResume(resumed, flags.withoutState ?? false));
      }),
    );
}

async function resume(
  flags: ResumeFlags,
  { from, look, identity, ways, cluster }: Operator,
  store: JobsFileStore,
  jobs: FlinkJobs,
): Promise<number> {
  const { flink, libraries, configuration } = clusterOfState(cluster.state);
  const submit = async ({ program, configuration: own }: Submission): Promise<number> => {
    const software = await withProgress((progress) =>
      localSoftware({ lockFile: flags.lockFile, origin: flags.origin, flink, libraries, progress }),
    );
    const way = await openWay(ways, (await look()).nodes, identity.tls);
    try {
      return await runFlink(program, { software, way, client: identity.certificate, configuration, own });
    } finally {
      await way.close();
    }
  };
  // Of the lock alone.
  const mayBegin = async (): Promise<void> => requireNoLineChange((await clusterStatus(from, [])).roll);
  const newestKept = (id: string): Promise<string | undefined> => newestKeptCheckpoint(from, id);
  const tell = (line: string): void => console.error(line);
  const { timeout: timeoutMillis, withoutState = false } = flags;
  const how = { flink, withoutState, mayBegin, submit, timeoutMillis, tell };
  return (await resumeJobs({ store, jobs, newestKept, ...how })).length;
}

async function withJobs<T>({ look, identity, ways }: Operator, work: (jobs: FlinkJobs) => Promise<T>): Promise<T> {
  const way = new CurrentWay(ways, look, identity.tls);
  try {
    return await work(new FlinkJobs(new SteadyRest({ way, tls: identity.tls })));
  } finally {
    await way.close();
  }
}

/** The file says which cluster is meant, unless somebody does. */
function withPlaceOf(file: JobsFile, flags: ResumeFlags): ResumeFlags {
  if (flags.outputs !== undefined || flags.cluster !== undefined) return flags;
  const { cluster, region, bucket } = file;
  return { ...flags, cluster, region: flags.region ?? region, bucket: flags.bucket ?? bucket };
}

function requireSameCluster(file: JobsFile | undefined, path: string, cluster: string): void {
  if (file === undefined || file.cluster === cluster) return;
  throw new ValidationError(
    `${path} is about the cluster ${printable(file.cluster)}, and ${cluster} is meant, whose jobs cannot read these savepoints: name another file, or ${printable(file.cluster)}`,
  );
}

function afterStop(stopped: readonly StoppedJob[], out: string): string {
  if (stopped.length === 0) return `No job runs, and ${out} has none that waits.`;
  const told = `Stopped, with savepoints in ${out}: ${stopped.map(shownJob).join(", ")}.`;
  const empty = stopped.filter(({ submit }) => submit.length === 0);
  const next = `npx cdktf-flink jobs resume ${out}`;
  if (empty.length === 0) return `${told}\nThey begin again by: ${next}`;
  return `${told}\nWrite into ${out} as submit how these are begun again: ${empty.map(shownJob).join(", ")}.\nThen: ${next}`;
}

function afterResume(resumed: number, withoutState: boolean): string {
  if (resumed === 0) return "All jobs of the file went on before.";
  return withoutState
    ? "All jobs of the file run, without their state where they began now."
    : "All jobs of the file go on.";
}
