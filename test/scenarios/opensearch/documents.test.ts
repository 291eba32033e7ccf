import { examineIndex, examineLatest, StoredDocument } from "./documents";

const document = (n: number, version = 1): StoredDocument => ({
  ...{ id: String(n), version },
  source: { n, kind: n % 2 === 0 ? "even" : "odd" },
});
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("an index with a document per number", () => {
  test("has none missing, doubled or wrong", () => {
    expect(
      examineIndex(
        upTo(100).map((n) => document(n, n > 90 ? 2 : 1)),
        2,
      ),
    ).toMatchObject({
      ...{ rows: 100, largest: 100, duplicates: [], missing: [], wrong: [], writtenAgain: 10 },
    });
  });

  test("shows a gap, a number under two ids, and fields of another number", () => {
    const documents = upTo(10).map((n) => document(n));
    expect(examineIndex(documents.slice(1), 2).missing).toEqual([1]);
    const doubled = examineIndex([...documents, { ...document(3), id: "x" }], 2);
    expect(doubled).toMatchObject({ duplicates: [3], wrong: ["x"] });
    const wrong = { ...document(4), source: { n: 4, kind: "odd" } };
    expect(examineIndex([...documents.slice(0, 3), wrong], 2).wrong).toEqual(["4"]);
  });
});

describe("the index of last numbers", () => {
  const latest = (key: number, n: number, version = 1): StoredDocument => ({
    ...{ id: String(key), version },
    source: { id: key, n },
  });

  test("has a document of each key whose last number says so", () => {
    // Of 1 to 350: 251 to 299 lie in the lower half of their two hundred, 300 to 350 do not.
    const right = [...upTo(48).map((key) => latest(key + 51, key + 251)), latest(51, 251, 3)];
    expect(examineLatest(right, upTo(350))).toEqual({ documents: 49, wrong: [], writes: 51 });
  });

  test("shows one that is missing, one that is too old and one that should have gone", () => {
    const right = upTo(49).map((key) => latest(key + 50, key + 250));
    const wrongOf = (documents: readonly StoredDocument[]) => examineLatest(documents, upTo(350)).wrong;
    expect(wrongOf(right)).toEqual([]);
    expect(wrongOf(right.slice(1))).toEqual(["51"]);
    expect(wrongOf([...right.slice(1), latest(51, 51)])).toEqual(["51"]);
    expect(wrongOf([...right, latest(7, 207)])).toEqual(["7"]);
  });
});
