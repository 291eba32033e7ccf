import { Lazy } from "cdktf";
import { Duration, Size } from "../../../lib";

/** What a reference to another resource looks like in a program: a text, a number or a list that only stands for one. */
export const TOKENS = {
  text: Lazy.stringValue({ produce: () => "${data.aws_region.any.name}" }),
  number: Lazy.numberValue({ produce: () => 1 }),
  list: Lazy.listValue({ produce: () => ["x"] }),
  any: Lazy.anyValue({ produce: () => "x" }),
};

/** Texts that a shell, a template or a parser could take for something else. */
export const HOSTILE_TEXTS: readonly string[] = [
  " ",
  "x",
  " leading and trailing ",
  "\ttab\t",
  "${x}",
  "%{x}",
  "%{ if true }y%{ endif }",
  "$${x}",
  "%%{x}",
  "$$$ %%% $ {x}",
  "$(id) `id` $HOME ;|&<>*?~!",
  '"double"',
  "'single'",
  "back\\slash \\n \\u0041 \\",
  "line\nbreak",
  "line\r\nbreak\n",
  "# no comment",
  "key: value",
  "- item",
  "{a: b}",
  "null",
  "0.10",
  "ä",
  "čeština 漢字 😀",
  "\u2028",
  "\u0085\u00a0\ufeff",
  "\u001b[31m",
  "__proto__",
];

/** Nothing given, twice: plain, and without what every object inherits. */
export const EMPTY = {};
export const BARE = Object.create(null) as object;

/** A text and more than any property takes. */
const ENDLESS = "x".repeat(20_000);

const UNPRINTABLE = {
  toString: (): string => {
    throw new Error("must not be asked");
  },
};

/** Every property is given every one of these; those that it takes stand in its row of the table. */
export const COMMON: readonly unknown[] = [
  "",
  ...HOSTILE_TEXTS,
  ENDLESS,
  "nul\0",
  "half \ud800",
  NaN,
  Infinity,
  -Infinity,
  0,
  -1,
  1.5,
  1e21,
  true,
  false,
  [],
  ["x"],
  [null],
  EMPTY,
  { x: 1 },
  new Map([["x", "y"]]),
  new Date(0),
  BARE,
  UNPRINTABLE,
  () => 1,
  Symbol("s"),
  10n,
  Duration.millis(7),
  Size.bytes(7),
  ...Object.values(TOKENS),
];
