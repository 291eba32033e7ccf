import fc from "fast-check";
import { parse } from "yaml";
import { renderYaml } from "../../lib/settings";

describe("renderYaml", () => {
  const texts = [
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(..."ab \t\n\r\"'\\#:-?|>&*!%@`{}[],~=.0\u0000\u001b\u007f\u0085\u2028\ufeff"),
      maxLength: 80,
    }),
    fc.constantFrom(
      "null",
      "~",
      "true",
      "yes",
      "0x1f",
      "0o7",
      "1e3",
      ".inf",
      "1.10",
      "2026-11-22",
      "---",
      "...",
      "<<",
      "!!int 1",
    ),
  ];
  const entries = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9.-]{0,30}$/), fc.oneof(...texts), {
    noNullPrototype: true,
  });

  test("any text comes back as it was, as text", () => {
    fc.assert(
      fc.property(entries, (given) => {
        expect(parse(renderYaml(given), { version: "1.2", schema: "core" })).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test("one line per entry, plain ASCII", () => {
    fc.assert(
      fc.property(entries, (given) => {
        const lines = renderYaml(given).trimEnd().split("\n");
        if (Object.keys(given).length > 0) expect(lines).toHaveLength(Object.keys(given).length);
        for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]*$/);
      }),
      { numRuns: 500 },
    );
  });

  test("as a person reads it", () => {
    expect(renderYaml({ "a.b": "c", d: 'e"f\ng', h: "č😀" })).toBe(
      'a.b: "c"\nd: "e\\"f\\ng"\nh: "\\u010d\\U0001f600"\n',
    );
  });
});
