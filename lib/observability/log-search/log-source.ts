import type { FoundLogEntry } from "./log-entry";
import type { LogFilter, TimeSpan } from "./log-filter";

/** Where lines of logs can be looked for. */
export interface LogSource {
  /**
   * All lines of a span, page by page, the oldest first.
   *
   * @param without ids of lines that are left out
   */
  pages(filter: LogFilter, span: TimeSpan, without?: readonly string[]): AsyncIterable<readonly FoundLogEntry[]>;
  /** The newest lines of a span, as many as asked for. */
  newest(filter: LogFilter, span: TimeSpan, limit: number): Promise<NewestLogEntries>;
}

export interface NewestLogEntries {
  /** The oldest first. */
  readonly entries: readonly FoundLogEntry[];
  /** Whether there are older ones in the span. */
  readonly more: boolean;
}

/** A failure after which the same call may succeed: what was called is away, or busy. */
export interface MayPass {
  readonly mayPass: boolean;
}
