import { examineRows, itemOf, NumberedRow } from "./rows";

const upTo = (last: number): NumberedRow[] =>
  Array.from({ length: last }, (_, index) => [index + 1, itemOf(index + 1)] as const);

test("a table with a row per number has none missing, doubled or wrong", () => {
  expect(examineRows(upTo(250), 2)).toMatchObject({
    ...{ rows: 250, largest: 250, duplicates: [], missing: [], wrong: [] },
  });
});

test("a gap, a row that is there twice and an item of another number are seen", () => {
  const rows = upTo(250);
  expect(examineRows(rows.slice(1), 2).missing).toEqual([1]);
  expect(examineRows([...rows, rows[6]], 2).duplicates).toEqual([7]);
  expect(examineRows([...rows.slice(1), [1, itemOf(2)]], 2).wrong).toEqual([1]);
});
