import { InvalidArgumentError } from "commander";

const UNIT_MILLIS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORTEST_VALIDITY = 5 * UNIT_MILLIS.m;
const LONGEST_VALIDITY = 7 * UNIT_MILLIS.d;
/** Where a time has no zone it is UTC, as all times that the command line shows. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** What stands below the help of a command. */
export function example(rest: string): string {
  return `\nExample:\n  npx cdktf-flink ${rest}`;
}

/** Names that commas separate. */
export function list(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) throw new InvalidArgumentError("Give at least one name.");
  return [...new Set(names)];
}

/** Each once, in the order in which they came first. */
export function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** A parser of whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/** Milliseconds of such as `90s` or `1h`. */
export function duration(text: string): number {
  const millis = durationIn(text);
  if (millis === undefined) throw new InvalidArgumentError("Give a number and a unit, such as 90s, 10m or 1h.");
  return millis;
}

/** The same of a certificate. */
export function certificateValidity(text: string): number {
  const millis = duration(text);
  if (millis < SHORTEST_VALIDITY || millis > LONGEST_VALIDITY) {
    throw new InvalidArgumentError("Give a time from 5m to 7d, such as 12h.");
  }
  return millis;
}

/** Milliseconds since 1970 of a time, or of one so long ago. */
export function timeOrAgo(text: string): number {
  const ago = durationIn(text);
  if (ago !== undefined) return Date.now() - ago;
  const [, zone] = TIME.exec(text) ?? [];
  const time = TIME.test(text) ? Date.parse(zone !== undefined || !text.includes("T") ? text : `${text}Z`) : NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      "Give how long ago, such as 90s, 10m or 1h, or a time such as 2026-11-29T22:00:00Z.",
    );
  }
  return time;
}

function durationIn(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const millis = Number(amount) * (UNIT_MILLIS[unit ?? ""] ?? NaN);
  return millis > 0 ? millis : undefined;
}
