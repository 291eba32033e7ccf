import type { FoundLogEntry } from "./log-entry";
import type { LogFilter } from "./log-filter";
import type { LogSource, MayPass } from "./log-source";

export interface FollowOptions {
  readonly filter: LogFilter;
  /** What was shown already, in the order of time. */
  readonly shown: readonly FoundLogEntry[];
  /** Milliseconds since 1970 from which lines are looked for where nothing was shown. */
  readonly since: number;
  /** Waits until the next look; false ends it. */
  readonly pause: () => Promise<boolean>;
  /** Told why a look failed, once for each reason, in one sentence. */
  readonly warn: (sentence: string) => void;
}

/** Lines come over several ways: a later one may be there before an earlier one. */
const WINDOW_MILLIS = 60_000;
/** Documents that one query leaves out by their ids. */
const MOST_REMEMBERED = 20_000;

/**
 * Lines as they come, each once. What comes more than a minute later than a line after it is not shown: its own search
 * finds it.
 */
export async function* followEntries(
  source: LogSource,
  { filter, shown, since, pause, warn }: FollowOptions,
): AsyncGenerator<readonly FoundLogEntry[]> {
  let window = new Window(shown, since);
  let trouble: string | undefined;
  while (await pause()) {
    const news: FoundLogEntry[] = [];
    try {
      for await (const page of source.pages(filter, { since: window.since }, window.ids)) {
        news.push(...page);
        yield page;
      }
      trouble = undefined;
    } catch (failure) {
      if (!(failure as Partial<MayPass>).mayPass) throw failure;
      const sentence = (failure as Error).message;
      if (sentence !== trouble) warn(`${sentence}; it is asked again`);
      trouble = sentence;
    }
    if (news.length > 0) window = window.with(news);
  }
}

/** The last minute of what was shown, by the clocks that wrote it: this machine's may be wrong. */
class Window {
  private readonly remembered: readonly FoundLogEntry[];
  public readonly since: number;

  public constructor(shown: readonly FoundLogEntry[], since: number) {
    const sorted = [...shown].sort((left, right) => left.time - right.time);
    const newest = sorted.at(-1)?.time;
    const start = newest === undefined ? since : Math.max(since, newest - WINDOW_MILLIS);
    const within = sorted.filter(({ time }) => time >= start);
    const kept = within.slice(-MOST_REMEMBERED);
    // What is forgotten must not come again: it begins after the last of it.
    this.since = kept.length < within.length ? within[within.length - kept.length - 1].time + 1 : start;
    this.remembered = kept.filter(({ time }) => time >= this.since);
  }

  public get ids(): readonly string[] {
    return this.remembered.map(({ id }) => id);
  }

  public with(news: readonly FoundLogEntry[]): Window {
    return new Window([...this.remembered, ...news], this.since);
  }
}
