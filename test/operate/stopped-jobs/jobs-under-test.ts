import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FlinkJobs } from "../../../lib/operate/stopped-jobs/flink-jobs";
import type { JobsFile, StoppedJob } from "../../../lib/operate/stopped-jobs/jobs-file";
import { JobsFileStore } from "../../../lib/operate/stopped-jobs/jobs-file-store";
import { requireNoLineChange } from "../../../lib/operate/stopped-jobs/line-change";
import { resumeJobs } from "../../../lib/operate/stopped-jobs/resume-jobs";
import { stopJobs } from "../../../lib/operate/stopped-jobs/stop-jobs";
import type { Submission } from "../../../lib/operate/stopped-jobs/submission";
import { Lines } from "../../../lib/software/progress";
import { PlayedFlink } from "./played-flink";

export const PLACE = { cluster: "orders", region: "eu-west-1", bucket: "bucket" };
const MINUTE = 60_000;

/** Something took the command away in its midst. */
export class Killed extends Error {}

/** The two commands, without AWS and without their command line, against a played Flink. */
export class JobsUnderTest {
  public flink = new PlayedFlink();
  public readonly folder = mkdtempSync(path.join(tmpdir(), "jobs-"));
  public readonly file = path.join(this.folder, "jobs.json");
  public timeoutMillis = MINUTE;
  /** Whether jobs begin from nothing. */
  public withoutState = false;
  /** Of the rolling change. */
  public lock: Parameters<typeof requireNoLineChange>[0];
  /** Newest checkpoints that the bucket has, by the ids of their jobs. */
  public readonly kept = new Map<string, string>();
  /** What was told while jobs were stopped, or began again. */
  public readonly told: string[] = [];
  /** What Flink's client does with a job. */
  public client = (name: string, submission: Submission): number => this.flink.submit(name, submission);
  /** Called before and after each question to Flink, and each submission. */
  public onStep: () => void = () => undefined;

  public end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  public stop(earlier: readonly StoppedJob[] = []): Promise<readonly StoppedJob[]> {
    const progress = new Lines((line) => void this.told.push(line));
    const { timeoutMillis, newestKept } = this;
    const options = { place: PLACE, earlier, timeoutMillis, progress, newestKept };
    return this.with((store, jobs) => stopJobs({ ...options, store, jobs }));
  }

  public resume(flink = this.flink.version): Promise<readonly StoppedJob[]> {
    const tell = (line: string): void => void this.told.push(line);
    const { timeoutMillis, withoutState, newestKept } = this;
    return this.with((store, jobs) => {
      const submit = (submission: Submission): Promise<number> => this.submit(store, submission);
      const mayBegin = (): Promise<void> => Promise.resolve(requireNoLineChange(this.lock));
      return resumeJobs({ store, jobs, newestKept, flink, withoutState, mayBegin, submit, timeoutMillis, tell });
    });
  }

  /** What the file holds just now. */
  public read(): JobsFile {
    return JSON.parse(readFileSync(this.file, "utf8")) as JobsFile;
  }

  public write(jobs: readonly StoppedJob[]): void {
    writeFileSync(this.file, JSON.stringify({ schemaVersion: 1, ...PLACE, jobs }));
  }

  /** A script that begins one job. */
  public script(name = "orders.sql", text = "INSERT INTO a SELECT * FROM b;"): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  private readonly newestKept = (id: string): Promise<string | undefined> => Promise.resolve(this.kept.get(id));

  private with<T>(work: (store: JobsFileStore, jobs: FlinkJobs) => Promise<T>): Promise<T> {
    const jobs = new FlinkJobs(this.flink, () => Promise.resolve());
    // What keeps a text over a loss of power takes its time.
    const write = (file: string, text: string): Promise<void> => Promise.resolve(writeFileSync(file, text));
    return JobsFileStore.lend(this.file, (store) => work(store, this.stepwise(jobs)), write);
  }

  private async submit(store: JobsFileStore, submission: Submission): Promise<number> {
    this.onStep();
    const id = submission.configuration["$internal.pipeline.job-id"];
    const { name } = store.jobs.find(({ resumed }) => resumed?.id === id)!;
    const code = await Promise.resolve(this.client(name, submission));
    this.onStep();
    return code;
  }

  private stepwise(jobs: FlinkJobs): FlinkJobs {
    type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;
    return new Proxy(jobs, {
      get: (target, key: string) => {
        if (key === "pause") return target.pause;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          this.onStep();
          const answer = await (target as unknown as Methods)[key](...args);
          this.onStep();
          return answer;
        };
      },
    });
  }
}
