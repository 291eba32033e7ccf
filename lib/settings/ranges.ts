import { Duration } from "../core/duration";
import { Size } from "../core/size";
import { refuse } from "../core/validation";

/** Refuses anything but a `Duration` in the range, both ends allowed. */
export function requireDuration(property: string, value: unknown, min: Duration, max: Duration): void {
  if (
    !(value instanceof Duration) ||
    value.toMilliseconds() < min.toMilliseconds() ||
    value.toMilliseconds() > max.toMilliseconds()
  ) {
    refuse({
      property,
      value,
      allowed: `a Duration from ${min} to ${max}`,
      remedy: `set ${property} to for example Duration.millis(${min.toMilliseconds()}) or longer`,
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
      remedy: `set ${property} to for example Size.mebibytes(${min.toMebibytes()}) or more`,
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
