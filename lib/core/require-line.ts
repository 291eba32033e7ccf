import { refuse } from "./validation";

/** What a person reads on one line: no control characters, halves of characters, or turns of the writing direction. */
const LINE = /^(?!\s)[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+(?<!\s)$/u;
/** What stands in a text for a value that only Terraform knows: what is made of lines is written before it runs. */
const PLACEHOLDER = /\$\{TfToken\[/;

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
