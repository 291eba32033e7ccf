import { Interval, IntervalSet } from "./interval-set";
import { LinesOfFile, MOST_FILES } from "./lines-on-disk";

/** What is known of one start of a process. */
interface Run {
  readonly run: string;
  /** The first line that counts. */
  first: number;
  readonly delivered: IntervalSet;
  /** The last line that was seen on disk. */
  last: number;
  /** Lines below this number are no longer on disk. */
  goneBelow: number;
}

/** The same as it is kept. */
export interface KeptLines {
  readonly lost: number;
  readonly runs: readonly (Pick<Run, "run" | "first" | "last" | "goneBelow"> & {
    readonly delivered: readonly Interval[];
  })[];
}

/** A process that starts anew every few seconds must not make it grow; each file on disk may be of another run. */
const MOST_RUNS = 2 * MOST_FILES;
const MOST_INTERVALS = 1_000;

/**
 * Which lines of a process are delivered, by their numbers: those that are neither delivered nor on disk any more are lost.
 * A line that comes late after all, as the collector may hold a file open that is no more, is lost no longer.
 */
export class DeliveredLines {
  private readonly runs: Run[];
  /** Of runs that are forgotten. */
  private forgotten: number;
  /** Nothing is known of what was before. */
  private isNew: boolean;

  public constructor(kept?: KeptLines) {
    this.runs = (kept?.runs ?? []).map(({ delivered, ...run }) => ({ ...run, delivered: new IntervalSet(delivered) }));
    this.forgotten = kept?.lost ?? 0;
    this.isNew = kept === undefined;
  }

  public add(run: string, sequence: number): void {
    const { delivered } = this.run(run, 1);
    delivered.add(sequence);
    this.forgotten += delivered.closeLowestHoles(MOST_INTERVALS);
  }

  /** Takes note of what lies on disk, from the oldest file to the one that is written to. */
  public look(files: readonly LinesOfFile[]): void {
    for (const { run, last } of files) {
      const found = this.run(run, 1);
      found.last = Math.max(found.last, last);
      // What was there before we were may have been delivered by one that left no note.
      if (this.isNew) found.first = Math.max(found.first, last + 1);
    }
    this.isNew = false;
    const [oldest] = files;
    const onDisk = this.runs.findIndex(({ run }) => run === oldest?.run);
    // Forgotten, where a process wrote lines of more runs than are kept.
    if (!oldest || onDisk < 0) return;
    for (const run of this.runs.slice(0, onDisk)) run.goneBelow = Infinity;
    const run = this.runs[onDisk];
    run.goneBelow = Math.max(run.goneBelow, oldest.first);
  }

  public get lost(): number {
    return this.runs.reduce((lost, run) => lost + lostOf(run), this.forgotten);
  }

  public toJSON(): KeptLines {
    // JSON knows no infinite number.
    const runs = this.runs.map((run) => ({
      ...run,
      goneBelow: Math.min(run.goneBelow, Number.MAX_SAFE_INTEGER),
      delivered: run.delivered.toJSON(),
    }));
    return { lost: this.forgotten, runs };
  }

  private run(name: string, first: number): Run {
    const known = this.runs.find(({ run }) => run === name);
    if (known) return known;
    const run: Run = { run: name, first, delivered: new IntervalSet(), last: 0, goneBelow: 0 };
    this.runs.push(run);
    if (this.runs.length > MOST_RUNS) this.forgotten += lostOf(this.runs.shift()!);
    return run;
  }
}

function lostOf({ first, delivered, last, goneBelow }: Run): number {
  return delivered.missing(first, Math.min(goneBelow - 1, Math.max(last, delivered.last)));
}
