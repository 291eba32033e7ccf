import { inspect } from "node:util";
import { Token } from "cdktf";
import { Duration, Size } from "../../lib";

const LONGEST = 200;

/** A value in words that a reader can type, and that end. */
export function words(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") {
    if (Token.isUnresolved(value)) return `a reference in a ${typeof value}`;
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    const text = JSON.stringify(value);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}… of ${value.length}` : text;
  }
  if (value instanceof Duration) return `Duration ${value}`;
  if (value instanceof Size) return `Size ${value}`;
  return inspect(value, { depth: 2, breakLength: Infinity, maxStringLength: LONGEST, maxArrayLength: 10 });
}
