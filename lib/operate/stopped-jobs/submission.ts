import { existsSync, readFileSync } from "node:fs";
import { ValidationError } from "../../core/validation";
import type { FlinkConfiguration } from "../../settings";
import type { FlinkProgram } from "../flink-cli/run-flink";
import { printable } from "../../core/printable";
import { type StoppedJob } from "./jobs-file";
import { isChosenByResume, dynamicKeysOf, optionsOfRun } from "./flink-arguments";
import { jobsOfScript, namesSavepoint } from "./sql-script";

/** How one job is begun again. */
export interface Submission {
  readonly program: FlinkProgram;
  /** What Flink's client has to know beside the cluster's own. */
  readonly configuration: FlinkConfiguration;
}

const DETACHED = ["-d", "--detached"];
const SCRIPT_OPTIONS = ["-f", "--file", "-i", "--init"];
const SAVEPOINT_PATH = "execution.state-recovery.path";
/** Flink's own, for whoever has to know a job before it is there. */
const JOB_ID = "$internal.pipeline.job-id";

/** Checks how a job is to be begun again; gives Flink's program that does it. `file` is how messages call the file. */
export function programOf({ name, submit }: StoppedJob, file: string): FlinkProgram {
  const refuse = (why: string): never => {
    throw new ValidationError(
      `submit of the job ${quoted(name)} in ${file} ${printable(why)}: write how it is begun, such as ["flink", "run", "-d", "orders.jar"] or ["sql", "-f", "orders.sql"]`,
    );
  };
  const [command, ...words] = submit;
  const dashes = words.indexOf("--");
  const args = command === "sql" || dashes === 0 ? words.filter((_, index) => index !== dashes) : words;
  if (submit.length === 0) refuse("is empty");
  if (command === "flink") return { name: "flink", args: argumentsOfRun(args, refuse) };
  if (command !== "sql") refuse(`begins with ${quoted(command)}`);
  requireNotChosen(args, refuse);
  requireOneJob(args, refuse);
  return { name: "sql-client.sh", args };
}

/** The program that begins a job under an id that is known before: from its savepoint, or from nothing where there is none. */
export function submissionOf(program: FlinkProgram, savepoint: string | undefined, id: string): Submission {
  const from: FlinkConfiguration = savepoint === undefined ? {} : { [SAVEPOINT_PATH]: savepoint };
  return { program, configuration: { ...from, [JOB_ID]: id } };
}

type Refuse = (why: string) => never;

function argumentsOfRun([action, ...args]: readonly string[], refuse: Refuse): readonly string[] {
  if (action !== "run") refuse('has no "run" after "flink"');
  const { options, program, namesSavepoint: namesOne } = optionsOfRun(args);
  if (namesOne) refuse("names a savepoint by -s, which jobs resume adds");
  requireNotChosen(options, refuse);
  if (program !== undefined && !program.includes("://") && !existsSync(program)) {
    refuse(`names ${program}, which is not there`);
  }
  // Else Flink's client would wait for the end of the job.
  return [action, ...(options.some((word) => DETACHED.includes(word)) ? [] : ["-d"]), ...args];
}

/** What is set so would begin the job from elsewhere, or under another id, than is written down. */
function requireNotChosen(options: readonly string[], refuse: Refuse): void {
  const key = dynamicKeysOf(options).find(isChosenByResume);
  if (key !== undefined) refuse(`sets ${key} by -D, which is chosen by jobs resume`);
}

function quoted(text: string): string {
  return JSON.stringify(printable(text));
}

function requireOneJob(args: readonly string[], refuse: Refuse): void {
  const scripts = args.flatMap((word, index) => (SCRIPT_OPTIONS.includes(word) ? [args[index + 1] ?? ""] : []));
  if (!args.some((word) => word === "-f" || word === "--file")) refuse("has no -f with a script");
  let jobs = 0;
  for (const script of scripts) {
    if (!existsSync(script)) refuse(`names ${script}, which is not there`);
    const text = readFileSync(script, "utf8");
    if (namesSavepoint(text)) refuse(`names ${script}, which sets a savepoint, as jobs resume does`);
    jobs += jobsOfScript(text);
  }
  if (jobs !== 1) refuse(`names ${scripts.join(" and ")}, where ${jobs} jobs begin, and one savepoint is of one job`);
}
