import { nearest } from "./nearest";
import { printable } from "./printable";
import { HIDDEN, hideSecrets, isSecretName, withoutSecrets } from "./without-secrets";

/**
 * Raised for input that is refused. The message is one sentence: the property, its value, what is
 * allowed, how to mend it.
 */
export class ValidationError extends Error {
  /**
   * @param message the sentence
   * @param constructPath where the construct stands whose input it is, such as `streaming/flink`; it begins the message
   */
  public constructor(
    message: string,
    public readonly constructPath?: string,
  ) {
    super(constructPath === undefined ? message : `${constructPath}: ${message}`);
    this.name = "ValidationError";
  }
}

/** What is wrong with one value. */
export interface Refusal {
  /** Name of the property as the user wrote it, such as `numberOfTaskSlots`. */
  readonly property: string;
  /** The value that was given. */
  readonly value: unknown;
  /** What is allowed, such as `a whole number from 1 to 1024`. */
  readonly allowed: string;
  /** How to mend it, such as `set numberOfTaskSlots to 1024 or less`. */
  readonly remedy: string;
}

const LONGEST_SHOWN_VALUE = 120;
/** What stands in a program's texts and lists for a value that Terraform computes. */
const PLACEHOLDER = /[$#&]\{TfToken\[/;
/** The same in numbers: no number of a person is below this. */
const LOWEST_NUMBER = -1e280;

const ONLY_TERRAFORM_KNOWS = "a value known only when Terraform runs";

/** A value as it is shown in a message: quoted when it is text, on one line, never longer than a line, without secrets. */
export function showValue(value: unknown): string {
  let shown: string;
  if (typeof value === "number" && value < LOWEST_NUMBER && value !== -Infinity) shown = ONLY_TERRAFORM_KNOWS;
  else if (typeof value === "string") shown = JSON.stringify(withoutSecrets(value));
  else if (typeof value === "number" || typeof value === "boolean" || value == null) shown = String(value);
  else if (typeof value === "bigint") shown = `${value}n`;
  else if (typeof value === "function" || typeof value === "symbol") shown = `a ${typeof value}`;
  else {
    shown = ownWords(value) ?? safeJson(value) ?? "an object";
  }
  if (PLACEHOLDER.test(shown)) return ONLY_TERRAFORM_KNOWS;
  // By characters and not by halves of them.
  const characters = [...printable(shown.replace(/\s+/g, " "))];
  return characters.length > LONGEST_SHOWN_VALUE
    ? `${characters.slice(0, LONGEST_SHOWN_VALUE).join("")}…`
    : characters.join("");
}

/** What the value says of itself in its own words, as our value classes do. */
function ownWords(value: object): string | undefined {
  const { toString } = value as { toString?: unknown };
  if (typeof toString !== "function" || toString === Object.prototype.toString || Array.isArray(value))
    return undefined;
  try {
    // One that says nothing of itself is shown by what it holds.
    return printable(withoutSecrets(String(toString.call(value)))) || undefined;
  } catch {
    return undefined;
  }
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, hideSecrets);
  } catch {
    return undefined;
  }
}

/** Refuses a value with one sentence. */
export function refuse(refusal: Refusal): never {
  // Of what a property is a part says nothing of it: an ARN given to `password(…)` is no password.
  const [name] = refusal.property
    .replace(/"\]$/, "")
    .replace(/^the argument of /, "")
    .split(" of ");
  const shown = typeof refusal.value === "string" && isSecretName(name) ? HIDDEN : showValue(refusal.value);
  const sentence = `${refusal.property} is ${shown}, but must be ${refusal.allowed}: ${refusal.remedy}`;
  // Ids of other constructs stand in some, and may hold what would end the line.
  throw new ValidationError(printable(sentence));
}

/** Refuses anything but a whole number in the range. */
export function requireInteger(property: string, value: unknown, min: number, max: number, unit = ""): void {
  const suffix = unit ? ` ${unit}` : "";
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    refuse({
      property,
      value,
      allowed: `a whole number from ${min} to ${max}${suffix}`,
      remedy: `set ${property} to a value in that range`,
    });
  }
}

/** Refuses anything but a boolean. */
export function requireBoolean(property: string, value: unknown): void {
  if (typeof value !== "boolean") {
    refuse({ property, value, allowed: "true or false", remedy: `set ${property} to true or false` });
  }
}

/** Refuses anything but text that matches the pattern. */
export function requireText(property: string, value: unknown, pattern: RegExp, allowed: string): void {
  if (typeof value !== "string" || !pattern.test(value)) {
    refuse({ property, value, allowed, remedy: `set ${property} to such a text` });
  }
}

/** Refuses anything but an instance of the class, so that plain JavaScript users get a sentence as well. */
export function requireInstance(
  property: string,
  value: unknown,
  type: { readonly name: string; [Symbol.hasInstance](value: unknown): boolean },
  example: string,
): void {
  if (!(value instanceof type)) {
    const article = /^[AEIOU]/.test(type.name) ? "an" : "a";
    refuse({ property, value, allowed: `${article} ${type.name}`, remedy: `use for example ${example}` });
  }
}

/**
 * Refuses anything but an object of options, so that plain JavaScript users get a sentence as well.
 *
 * @param example what to give where options cannot be left out, such as `{ partitions: 6 }`
 */
export function requireOptions(property: string, value: unknown, example?: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const remedy = example === undefined ? "give the options in { }, or leave them out" : `give for example ${example}`;
    refuse({ property, value, allowed: "an object of options", remedy });
  }
}

/** Every option of a struct by its name, so that the compiler refuses a list that lacks one. */
export type OptionNames<T> = { readonly [name in keyof T]-?: true };

/** Refuses options that a struct does not have, so that a slip of the pen is no silent default. */
export function requireOptionsOf<T>(
  property: string,
  value: unknown,
  names: OptionNames<T>,
  example?: string,
): asserts value is T {
  requireOptions(property, value, example);
  const known = Object.keys(names);
  const unknown = Object.keys(value as object).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const close = nearest(unknown, known);
  refuse({
    property: `a key of ${property}`,
    value: unknown,
    allowed: `one of ${known.join(", ")}`,
    remedy: close === undefined ? "leave it out" : `write ${close}, or leave it out`,
  });
}

/** Refuses anything but a plain object: of a `Map` or another class, what looks like its entries are none. */
export function requireMap(property: string, value: unknown): asserts value is { readonly [key: string]: unknown } {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === null || (prototype !== undefined && Object.getPrototypeOf(prototype) === null)) return;
  refuse({ property, value, allowed: "an object of keys and texts", remedy: 'write for example { "key": "text" }' });
}
