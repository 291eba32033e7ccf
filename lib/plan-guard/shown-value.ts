import { printable } from "../core/printable";
import { HIDDEN, hideSecrets, isSecretName, withoutSecrets } from "../core/without-secrets";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** In place of what the plan itself says is nobody's business. */
export const SENSITIVE = "(sensitive)";
/** In place of what only the apply tells. */
export const KNOWN_LATER = "(known after apply)";

/** A longer value is cut: a table is for people. */
const MOST_SIGNS = 4000;
/** Of a longer one, such as a list of options, only what differs is told. */
const LONG_VALUE = 60;
/** As options of a program have it, such as `-Djavax.net.ssl.trustStorePassword=…`. */
const ASSIGNMENT = /([^\s=:]+)=(\S+)/g;

/** Whether the plan says that an attribute, or the part of it that has this name, must not be shown, even in part. */
export function isSensitive({ sensitive }: ResourceChange, attribute: string, ...part: readonly string[]): boolean {
  return [sensitive.before, sensitive.after].some((marks) => isMarked(marks, attribute, ...part));
}

/** Whether only the apply tells an attribute, or a part of it. */
export function isKnownLater({ unknown }: ResourceChange, attribute: string): boolean {
  return isMarked(unknown, attribute);
}

/** Attributes that would be others, or may be, in the order of their names. */
export function changedAttributes(change: ResourceChange): readonly string[] {
  const { before, after, unknown } = change;
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(asAttributes(unknown))]);
  return [...names]
    .filter((name) => isKnownLater(change, name) || !isSame(before[name], after[name]))
    .sort((one, other) => (one < other ? -1 : 1));
}

/** One attribute of a resource for people: never what the plan hides. */
export function shownAttribute(change: ResourceChange, attribute: string, when: "before" | "after"): string {
  if (isSensitive(change, attribute)) return SENSITIVE;
  if (when === "after" && isKnownLater(change, attribute)) return KNOWN_LATER;
  return shownSetting(attribute, change[when][attribute]);
}

/** A value that has a name: what its name says is a secret stays hidden, and so does what looks like one. */
export function shownSetting(name: string, value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (isSecretName(name)) return HIDDEN;
  return shownText(typeof value === "string" ? value : JSON.stringify(value, hideSecrets));
}

/** What two values of one name differ in: of long ones the words in which they do. */
export function shownChange(name: string, before: unknown, after: unknown): string {
  const texts = [before, after].map((value) => shownSetting(name, value));
  if (Math.max(...texts.map(({ length }) => length)) <= LONG_VALUE) return texts.join(" -> ");
  const [was, is] = texts.map((text) => text.split(" "));
  let first = 0;
  while (first < Math.min(was.length, is.length) && was[first] === is[first]) first += 1;
  let last = 0;
  while (last < Math.min(was.length, is.length) - first && was.at(-1 - last) === is.at(-1 - last)) last += 1;
  const differing = (words: readonly string[]): string =>
    [...(first > 0 ? ["…"] : []), ...words.slice(first, words.length - last), ...(last > 0 ? ["…"] : [])].join(" ");
  return `${differing(was)} -> ${differing(is)}`;
}

/** A text of somebody else, fit for a line. */
export function shownText(text: string): string {
  const hidden = withoutSecrets(text).replace(ASSIGNMENT, (whole, name: string) =>
    isSecretName(name) ? `${name}=${HIDDEN}` : whole,
  );
  const line = printable(hidden);
  return line.length > MOST_SIGNS ? `${line.slice(0, MOST_SIGNS)}…` : line;
}

/** Whether two values of JSON are the same; nothing and null are. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function isMarked(marks: unknown, ...names: readonly string[]): boolean {
  const [name, ...rest] = names;
  if (marks === true || name === undefined) return holdsTrue(marks);
  return isMarked(asAttributes(marks)[name], ...rest);
}

function holdsTrue(marks: unknown): boolean {
  if (typeof marks !== "object" || marks === null) return marks === true;
  return Object.values(marks).some(holdsTrue);
}

function asAttributes(value: unknown): Attributes {
  return typeof value === "object" && value !== null ? (value as Attributes) : {};
}
