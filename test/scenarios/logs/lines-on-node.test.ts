import { lastLineOf } from "./lines-on-node";

const line = (run: string, sequence: number) => JSON.stringify({ sequence, run, message: "said" });

test("the highest number of the run that wrote last, though lines stand out of order", () => {
  const text = [line("before", 90), line("now", 1), line("now", 3), line("now", 2), ""].join("\n");
  expect(lastLineOf(text)).toEqual({ run: "now", sequence: 3 });
});

test("what is cut at either end is no line", () => {
  const text = [line("now", 7).slice(9), line("now", 8), line("now", 9).slice(0, 20)].join("\n");
  expect(lastLineOf(text)).toEqual({ run: "now", sequence: 8 });
  expect(() => lastLineOf(line("now", 9).slice(0, 20))).toThrow("no whole line");
});
