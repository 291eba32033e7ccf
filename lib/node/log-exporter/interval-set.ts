/** First and last number of an interval, both in it. */
export type Interval = readonly [number, number];

/** A set of whole numbers that mostly follow each other: it is as large as its holes are many. */
export class IntervalSet {
  /** In order, and never one beside the other. */
  private readonly intervals: [number, number][];

  public constructor(intervals: readonly Interval[] = []) {
    this.intervals = intervals.map(([first, last]) => [first, last]);
  }

  public add(number: number): void {
    const index = this.firstEndingFrom(number - 1);
    const at = this.intervals[index];
    if (at === undefined || at[0] > number + 1) {
      this.intervals.splice(index, 0, [number, number]);
      return;
    }
    at[0] = Math.min(at[0], number);
    at[1] = Math.max(at[1], number);
    const next = this.intervals[index + 1];
    if (next !== undefined && next[0] <= at[1] + 1) {
      at[1] = next[1];
      this.intervals.splice(index + 1, 1);
    }
  }

  /** The largest number of it; 0 where it is empty. */
  public get last(): number {
    return this.intervals.at(-1)?.[1] ?? 0;
  }

  /** How many numbers from `first` to `last` are not in it. */
  public missing(first: number, last: number): number {
    let missing = Math.max(0, last - first + 1);
    for (const [from, to] of this.intervals) missing -= Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
    return missing;
  }

  /** Closes the lowest holes until there are no more than so many intervals; gives how many numbers that were. */
  public closeLowestHoles(mostIntervals: number): number {
    let closed = 0;
    while (this.intervals.length > mostIntervals) {
      const [[first, end], [begin, last]] = this.intervals;
      closed += begin - end - 1;
      this.intervals.splice(0, 2, [first, last]);
    }
    return closed;
  }

  public toJSON(): readonly Interval[] {
    return this.intervals;
  }

  /** Index of the first interval whose end is not below the number. */
  private firstEndingFrom(number: number): number {
    let [low, high] = [0, this.intervals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.intervals[middle][1] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
