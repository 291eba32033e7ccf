import { describeError } from "../agent/log";
import type { CollectedRecord } from "./collected-record";
import type { Destination } from "./destination";
import { entryOfRecord, LogOrigin } from "./entry-of-record";
import { NotDelivered } from "./not-delivered";
import type { Progress } from "./progress";
import type { StatusFile } from "./status-file";

/** Topic of what cannot be noted: it is solved by itself when there is room again. */
const NOTES = "its notes";

/** Brings records to the destination, and notes what came of it. */
export class LogExporter {
  public constructor(
    private readonly origin: LogOrigin,
    private readonly destination: Destination,
    private readonly progress: Progress,
    private readonly status: StatusFile,
  ) {}

  /** Returns when they are delivered; fails when some are not. */
  public async deliver(records: readonly CollectedRecord[], signal: AbortSignal): Promise<void> {
    const topic = `lines of ${records[0]?.source ?? "nobody"}`;
    const entries = records.map((record) => entryOfRecord(record, this.origin));
    let rejected: number;
    try {
      rejected = await this.destination.write(entries, signal);
    } catch (error) {
      // Who gave them has gone: that says nothing about the destination.
      if (!signal.aborted) this.status.setProblem(topic, problemOf(error));
      throw error;
    }
    this.status.solve(topic);
    this.status.delivered();
    await this.note(() => this.progress.note(entries, rejected));
  }

  /** Looks at what is on disk, and keeps what is known. */
  public async keepProgress(): Promise<void> {
    await this.note(async () => {
      await this.progress.look();
      await this.progress.save();
    });
  }

  /** A full disk must not keep lines from being delivered. */
  private async note(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.status.solve(NOTES);
    } catch (error) {
      this.status.setProblem(NOTES, `what is delivered cannot be noted: ${describeError(error)}`);
    }
  }
}

function problemOf(error: unknown): string {
  return error instanceof NotDelivered ? error.message : `the log exporter failed: ${describeError(error)}`;
}
