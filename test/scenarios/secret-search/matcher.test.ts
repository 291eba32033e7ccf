import fc from "fast-check";
import { Matcher } from "./matcher";
import { Needle, SHORTEST_NEEDLE } from "./needles";

function needle(bytes: Buffer, secret = 0): Needle {
  return { secret, form: "verbatim", bytes };
}

test("finds what a search for each needle by itself finds, however the stream is cut", () => {
  // Few letters, so that needles begin alike, overlap and stand in the text by chance.
  const bytes = (minLength: number, maxLength: number) =>
    fc.array(fc.constantFrom(97, 98, 0), { minLength, maxLength }).map((list) => Buffer.from(list));
  fc.assert(
    fc.property(
      fc.array(bytes(SHORTEST_NEEDLE, SHORTEST_NEEDLE + 12), { minLength: 1, maxLength: 12 }),
      fc.array(bytes(0, 60), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.array(fc.nat({ max: 80 }), { maxLength: 8 }),
      (wanted, noise, picked, cuts) => {
        const needles = wanted.map((one, index) => needle(one, index));
        const text = Buffer.concat(
          noise.flatMap((part, index) => [part, wanted[(picked[index] ?? 0) % wanted.length].subarray(index % 2)]),
        );
        const expected = needles.filter((one) => text.includes(one.bytes)).map(({ secret }) => secret);
        const scanner = new Matcher(needles).scanner();
        let rest = text;
        for (const cut of cuts) {
          scanner.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        scanner.push(rest);
        expect(scanner.found.map(({ secret }) => secret).sort()).toEqual(expected.sort());
        expect(scanner.bytes).toBe(text.length);
      },
    ),
    { numRuns: 60 },
  );
});

test("keeps what lies across two pieces when both come in the same buffer", () => {
  const secret = Buffer.from("0123456789abcdefghijklmnopqrstuv");
  const scanner = new Matcher([needle(secret)]).scanner();
  const buffer = Buffer.alloc(16);
  for (const start of [0, 16]) {
    secret.copy(buffer, 0, start, start + 16);
    scanner.push(buffer);
  }
  expect(scanner.found).toHaveLength(1);
});

test("refuses a needle that chance would find", () => {
  expect(() => new Matcher([needle(Buffer.from("too short"))])).toThrow("at least 20 bytes, this one 9");
});
