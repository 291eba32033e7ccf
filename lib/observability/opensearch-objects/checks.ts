import { refuse, requireText } from "../../core/validation";
import { COUNTABLE_FIELDS, LOG_FIELD_TYPES } from "./log-fields";

const OBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,299}$/;
const ALL_FIELDS = Object.keys(LOG_FIELD_TYPES);

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
