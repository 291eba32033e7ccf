import { Duration } from "../core/duration";
import { Size } from "../core/size";
import { refuse } from "../core/validation";

/** Refuses anything but a `Duration` in the range, both ends allowed. */
export function requireDuration(property: string, value: unknown, min: Duration, max: Duration, why?: string): void {
  if (
    !(value instanceof Duration) ||
    value.toMilliseconds() < min.toMilliseconds() ||
    value.toMilliseconds() > max.toMilliseconds()
  ) {
    refuse({
      property,
      value,
      allowed: `a Duration from ${min} to ${max}${why === undefined ? "" : `, ${why}`}`,
      remedy: `use for example ${durationExample(value, min, max)}`,
    });
  }
}

/** Refuses anything but a `Size` in the range, both ends allowed. */
export function requireSize(property: string, value: unknown, min: Size, max: Size): void {
  if (!(value instanceof Size) || value.toBytes() < min.toBytes() || value.toBytes() > max.toBytes()) {
    refuse({
      property,
      value,
      allowed: `a Size from ${min} to ${max}`,
      remedy: `use for example ${sizeExample(value, min, max)}`,
    });
  }
}

/** Refuses anything but a finite number in the range, both ends allowed. */
export function requireNumber(property: string, value: unknown, min: number, max: number): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
    refuse({
      property,
      value,
      allowed: `a number from ${min} to ${max}`,
      remedy: `set ${property} to a value in that range`,
    });
  }
}

const DURATION_UNITS = [
  ["seconds", 1_000],
  ["minutes", 60_000],
  ["hours", 3_600_000],
  ["days", 86_400_000],
  ["millis", 1],
] as const;

/** In a program's words: what somebody means who gives a plain number, else the nearest that is allowed. */
function durationExample(value: unknown, min: Duration, max: Duration): string {
  const [least, most] = [min.toMilliseconds(), max.toMilliseconds()];
  const meant = DURATION_UNITS.find(([, millis]) => within(value, least / millis, most / millis));
  if (meant) return `Duration.${meant[0]}(${String(value)})`;
  const nearest = value instanceof Duration && value.toMilliseconds() > most ? most : least;
  const [unit, millis] = [...DURATION_UNITS].sort((a, b) => b[1] - a[1]).find(([, each]) => nearest % each === 0)!;
  return `Duration.${unit}(${nearest / millis})`;
}

const SIZE_UNITS = [
  ["gibibytes", 1024 ** 3],
  ["mebibytes", 1024 ** 2],
  ["kibibytes", 1024],
  ["bytes", 1],
] as const;

/** The same for a size: whoever gives a plain number means the unit of the range. */
function sizeExample(value: unknown, min: Size, max: Size): string {
  const [unit, bytes] = SIZE_UNITS.find(([, each]) => min.toBytes() % each === 0)!;
  const least = min.toBytes() / bytes;
  if (value instanceof Size && value.toBytes() > max.toBytes())
    return `Size.${unit}(${Math.floor(max.toBytes() / bytes)})`;
  return `Size.${unit}(${within(value, least, max.toBytes() / bytes) ? value : least})`;
}

function within(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}
