/** C0 with ESC, DEL and C1; what turns the direction of the text around it, and ends of lines beyond ASCII's. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A text of somebody else as a terminal may show it, in one line: control characters would move the cursor, change
 * colours or write over what stands there. Each run of them becomes one space.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, " ").trim();
}
