import { printable } from "../../lib/core/printable";

test.each([
  ["plain text, ä and 漢 stay", "plain text, ä and 漢 stay"],
  ["\u001b[2J\u001b[31mred", "[2J [31mred"],
  ["one\r\ntwo\tthree", "one two three"],
  ["\u009b31mC1\u007f", "31mC1"],
  ["left \u202eright", "left  right"],
])("%j reads as %j in a terminal", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
