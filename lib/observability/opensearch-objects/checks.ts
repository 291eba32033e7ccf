import { refuse, requireText } from "../../core/validation";
import { COUNTABLE_FIELDS, LOG_FIELD_TYPES } from "./log-fields";

/** What a person reads on one line: no control characters, halves of characters, or turns of the writing direction. */
const LINE = /^(?!\s)[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+(?<!\s)$/u;
/** What stands in a text for a value that only Terraform knows: these files are written before it runs. */
const PLACEHOLDER = /\$\{TfToken\[/;
const OBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,299}$/;
const ALL_FIELDS = Object.keys(LOG_FIELD_TYPES);

/** Refuses anything but a line of text of so many characters. */
export function requireLine(property: string, value: unknown, longest: number): asserts value is string {
  if (typeof value === "string" && LINE.test(value) && [...value].length <= longest && !PLACEHOLDER.test(value)) return;
  refuse({
    property,
    value,
    allowed: `a text of 1 to ${longest} characters on one line, known when the program runs, without spaces at its ends`,
    remedy: `set ${property} to such a text`,
  });
}

/** Refuses what is no id of a saved object that may stand in an address as it is. */
export function requireObjectId(property: string, value: unknown): asserts value is string {
  requireText(
    property,
    value,
    OBJECT_ID,
    "1 to 300 letters, digits, ., _ and -, beginning with a letter or a digit, such as our-errors",
  );
}

/** Refuses what is no field of a line. */
export function requireField(property: string, value: unknown): asserts value is string {
  requireOneOf(property, value, ALL_FIELDS);
}

/** Refuses what is no field by which lines can be counted. */
export function requireCountableField(property: string, value: unknown): asserts value is string {
  requireOneOf(property, value, COUNTABLE_FIELDS);
}

function requireOneOf(property: string, value: unknown, names: readonly string[]): void {
  if (typeof value === "string" && names.includes(value)) return;
  refuse({ property, value, allowed: `one of ${names.join(", ")}`, remedy: `set ${property} to one of these fields` });
}

/** Refuses anything but a list of fields, so many at most, each once. */
export function requireFields(
  property: string,
  values: unknown,
  most: number,
  requireOne: (property: string, value: unknown) => void,
): asserts values is readonly string[] {
  if (!Array.isArray(values) || values.length === 0 || values.length > most || new Set(values).size < values.length) {
    refuse({
      property,
      value: values,
      allowed: `a list of 1 to ${most} fields, each once`,
      remedy: `set ${property} to such a list, as ["level", "message"]`,
    });
  }
  for (const value of values) requireOne(property, value);
}
