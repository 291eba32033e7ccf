import { access, constants, open, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lock as takeLock } from "proper-lockfile";
import { ValidationError } from "../../core/validation";
import { Problem } from "../../software/problem";
import { writeAtomically } from "../../software/write-atomically";
import { parseJobsFile, printJobsFile, type JobsFile, type StoppedJob } from "./jobs-file";

/** Longer than a busy machine takes to say that it is still at it. */
const STALE_MILLIS = 30_000;

/** The file of one command, which no other command changes meanwhile. What is written is on the disk before anything goes on. */
export class JobsFileStore {
  /**
   * Lends the store of a file, or where there is none yet, of a new one.
   *
   * @param write puts a text in the place of a file
   */
  public static async lend<T>(
    path: string,
    work: (store: JobsFileStore) => Promise<T>,
    write = writeDurably,
  ): Promise<T> {
    const file = resolve(path);
    await requirePlace(path);
    const store = new JobsFileStore(path, file, write);
    // A machine that slept for so long may find that another command has begun.
    const onCompromised = (): void => void (store.isLost = true);
    const release = await takeLock(file, { realpath: false, stale: STALE_MILLIS, onCompromised }).catch(
      (failure: NodeJS.ErrnoException) => {
        throw failure.code === "ELOCKED" ? isChangedByAnother(path) : failure;
      },
    );
    try {
      return await work(store);
    } finally {
      if (!store.isLost) await release();
    }
  }

  private content?: JobsFile;
  private isLost = false;
  /** Of all that shall be written, so that one comes after the other. */
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    /** As the user named it. */
    public readonly path: string,
    private readonly file: string,
    private readonly put: (file: string, text: string) => Promise<void>,
  ) {}

  /** What the file holds; nothing where there is none. */
  public async read(): Promise<JobsFile | undefined> {
    this.content ??= await readJobsFile(this.path);
    return this.content;
  }

  /** The same, of a file that has to be there. */
  public async readWritten(): Promise<JobsFile> {
    const found = await this.read();
    if (found) return found;
    throw new ValidationError(`${this.path} is not there: name the file that jobs stop wrote`);
  }

  /** Whose jobs they are. */
  public get place(): Pick<JobsFile, "cluster" | "bucket"> {
    return this.content!;
  }

  /** The jobs as they were read or written last. */
  public get jobs(): readonly StoppedJob[] {
    return this.content?.jobs ?? [];
  }

  /** Writes the whole file. */
  public async write(content: JobsFile): Promise<void> {
    if (this.isLost) throw isChangedByAnother(this.path);
    this.content = content;
    // Whichever comes last writes what all have changed.
    this.writing = this.writing.then(() => this.put(this.file, printJobsFile(this.content!)));
    await this.writing;
  }

  /** Writes another state of one job. */
  public async change(id: string, change: (job: StoppedJob) => StoppedJob): Promise<StoppedJob> {
    const changed = change(this.jobs.find((job) => job.id === id)!);
    await this.write({ ...this.content!, jobs: this.jobs.map((job) => (job.id === id ? changed : job)) });
    return changed;
  }

  /** Writes that one job is none of the file any more. */
  public drop(id: string): Promise<void> {
    return this.write({ ...this.content!, jobs: this.jobs.filter((job) => job.id !== id) });
  }
}

function isChangedByAnother(path: string): Problem {
  return new Problem(`${path} is being changed by another command: wait for it to end and run this one again`);
}

/** What a file holds; nothing where there is none. */
export async function readJobsFile(path: string): Promise<JobsFile | undefined> {
  try {
    return parseJobsFile(await readFile(resolve(path), "utf8"), path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw failure;
  }
}

async function requirePlace(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    await access(folder, constants.W_OK);
  } catch (failure) {
    throw new Problem(
      `${path} cannot be written (${(failure as Error).message}): name a file in a folder that is there and that you may write`,
      { cause: failure },
    );
  }
}

/** What stands there is there also after the machine has lost its power. */
async function writeDurably(file: string, text: string): Promise<void> {
  await writeAtomically(file, text);
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
