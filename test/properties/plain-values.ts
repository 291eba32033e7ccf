import fc from "fast-check";
import { Duration, Size } from "../../lib";
import { MADE_IN_STACK } from "../cluster/bad-input/made-in-stack";
import { TABLE } from "../cluster/bad-input/table";
import { COMMON } from "../cluster/bad-input/values";
import { DeclaredType } from "../support/public-api";

/** Values of one input that stand for themselves: texts, numbers, amounts, lists and maps of them. */
export interface PlainValues {
  /** Taken where nothing else contradicts it. */
  readonly good: fc.Arbitrary<unknown>;
  /** Of the right type and not far from what is taken: some are, some are not. */
  readonly near: fc.Arbitrary<unknown>;
}

/** What nothing takes, or hardly anything: other types, edges of numbers, references, texts of every kind. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...COMMON, null, undefined, -0, 2 ** 31, 2 ** 53, Number.MIN_VALUE, "undefined", [[]], [{}]),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }),
  fc.dictionary(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), { maxKeys: 4 }),
  fc.anything({ maxDepth: 2 }),
);

/** Values that the table of inputs says are taken or refused. */
function ofTable(input: string, column: "takes" | "refuses"): unknown[] {
  return TABLE.filter((row) => row.input === input)
    .flatMap((row) => row[column] ?? [])
    .filter((value) => !MADE_IN_STACK.has(value));
}

/** Texts that the table says are taken. */
export function takenBy(input: string): string[] {
  return ofTable(input, "takes").filter((value) => typeof value === "string");
}

/** Values of an input, from the table in which every input of the public API has its rows; undefined where none fits. */
export function plainValues(input: string, type: DeclaredType, variadic: boolean): PlainValues | undefined {
  const all = (column: "takes" | "refuses"): unknown[] => {
    const values = ofTable(input, column).filter((value) => value !== undefined);
    return variadic ? values.flatMap((value) => value) : values;
  };
  const taken = all("takes").filter((value) => isOf(value, type));
  if (taken.length === 0) return undefined;
  const refused = all("refuses").filter((value) => isOf(value, type));
  return {
    good: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...taken) }, between(taken)),
    near: fc.oneof(
      ...(refused.length > 0 ? [fc.constantFrom(...refused)] : []),
      fc.constantFrom(...taken, ...refused).chain(altered),
    ),
  };
}

/** Seconds of a day, an hour and a minute. */
const UNITS = [86_400, 3_600, 60];

function isOf(value: unknown, type: DeclaredType): boolean {
  if (type.kind === "list") return Array.isArray(value);
  if (type.kind === "map") return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type.kind !== "named") return typeof value === type.kind;
  return type.name === "Duration" ? value instanceof Duration : value instanceof Size;
}

/** Numbers and amounts that lie between those that are taken; of others, those themselves. */
function between(taken: readonly unknown[]): fc.Arbitrary<unknown> {
  const numbers = taken.filter((value) => typeof value === "number").filter((value) => value > -1e280);
  if (numbers.length > 0 && numbers.length === taken.length) {
    const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
    return numbers.every(Number.isInteger) ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  }
  if (taken.every((value) => value instanceof Duration)) {
    const seconds = taken.map((value) => value.toMilliseconds() / 1000);
    // What is taken in whole days is so in whole days.
    const unit = UNITS.find((each) => seconds.every((amount) => amount % each === 0)) ?? 1;
    return whole(seconds.map((amount) => amount / unit)).map((amount) => Duration.seconds(amount * unit));
  }
  if (taken.every((value) => value instanceof Size)) {
    return whole(taken.map((value) => value.toBytes() / 1024 ** 3)).map((amount) => Size.gibibytes(amount));
  }
  return fc.constantFrom(...taken);
}

/** Whole numbers from the least to the greatest; where there is none between, the least as it is. */
function whole(amounts: readonly number[]): fc.Arbitrary<number> {
  const [min, max] = [Math.ceil(Math.min(...amounts)), Math.floor(Math.max(...amounts))];
  return min <= max ? fc.integer({ min, max }) : fc.constant(Math.min(...amounts));
}

/** A value of the same type that differs a little. */
function altered(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "string") return alteredText(value);
  if (typeof value === "number")
    return fc.constantFrom(value - 1, value + 1, value + 0.5, -value, value * 10, value / 7);
  if (value instanceof Duration) {
    const most = Duration.days(10_000).toMilliseconds();
    const more = fc.constantFrom(-1, 1, 999).map((each) => value.toMilliseconds() + each);
    return more.map((each) => Duration.millis(Math.min(most, Math.max(0, each))));
  }
  if (value instanceof Size) {
    const most = Size.gibibytes(64 * 1024).toBytes();
    const more = fc.constantFrom(-1, 1).map((each) => value.toBytes() + each);
    return more.map((each) => Size.bytes(Math.min(most, Math.max(0, each))));
  }
  if (Array.isArray(value)) return alteredList(value);
  if (typeof value === "object" && value !== null) return alteredMap(value as Record<string, unknown>);
  return fc.constant(value);
}

const character = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.constantFrom(..." \n\t\0.-_/:*?\"'`\\${}%,;#@=0aZé", "${", "%{", "\u2028", "\u202e"),
);

/** What a list is with others in place of some. */
function spliced<T>(list: readonly T[], at: number, removed: number, ...added: readonly T[]): T[] {
  return [...list.slice(0, at), ...added, ...list.slice(at + removed)];
}

/** A placeholder of CDKTF's, which stands for a reference as one: with another character in it, it is nobody's. */
const PIECES = /[$#]\{TfToken\[[^\]]*\]\}|[^]/gu;

function alteredText(text: string): fc.Arbitrary<string> {
  const characters: readonly string[] = text.match(PIECES) ?? [];
  return fc.oneof(
    fc.tuple(fc.nat(characters.length), character).map(([at, more]) => spliced(characters, at, 0, more).join("")),
    fc.nat(characters.length).map((at) => spliced(characters, at, 1).join("")),
    fc.tuple(fc.nat(characters.length), character).map(([at, other]) => spliced(characters, at, 1, other).join("")),
    fc.constantFrom(text.toUpperCase(), text.toLowerCase(), text.repeat(2), text.repeat(40), ` ${text}`, `${text}\n`),
  );
}

function alteredList(list: readonly unknown[]): fc.Arbitrary<unknown> {
  const other = list.length > 0 ? fc.constantFrom(...list).chain(altered) : fc.string({ maxLength: 8 });
  return fc.oneof(
    fc.tuple(fc.nat(list.length), fc.oneof(other, odd)).map(([at, one]) => spliced(list, at, 1, one)),
    fc.constantFrom<unknown>(list.slice(1), [...list, ...list], [...list].reverse(), Object.assign({}, list)),
  );
}

function alteredMap(map: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const keys = Object.keys(map);
  const key = keys.length > 0 ? fc.constantFrom(...keys) : fc.string({ maxLength: 12 });
  const changed = (name: string, value: unknown) => Object.fromEntries([...Object.entries(map), [name, value]]);
  return fc.oneof(
    fc.tuple(key.chain(alteredText), fc.string({ maxLength: 12 })).map(([name, value]) => changed(name, value)),
    fc.tuple(key, odd).map(([name, value]) => changed(name, value)),
    key.chain((name) => altered(map[name]).map((value) => changed(name, value))),
  );
}
