import { examineNumbers, StreamContents } from "../numbered-stream";

/** What the job writes: every number; the same again by whether it is even; and of each hundredth the last number. */
export const INDEX_NAMES = ["orders-numbers", "orders-even", "orders-odd", "orders-latest"] as const;
export type DocumentIndex = (typeof INDEX_NAMES)[number];
export const NUMBERS: DocumentIndex = "orders-numbers";
/** So many documents come and go in the index of last numbers, over and over. */
export const KEYS = 100;

/** A document as OpenSearch has it. */
export interface StoredDocument {
  readonly id: string;
  /** How often something was written under this id. */
  readonly version: number;
  readonly source: { readonly id?: number; readonly n: number; readonly kind?: string };
}

/** What an index holds that has a document per number. */
export interface IndexContents extends Omit<StreamContents, "files"> {
  /** Documents under an id, or with a field, that they must not have. */
  readonly wrong: readonly string[];
  /** Documents that were written more than once: they are there once all the same. */
  readonly writtenAgain: number;
}

/** Finds what is missing, doubled or wrong among documents that have a number each. */
export function examineIndex(documents: readonly StoredDocument[], parallelism: number): IndexContents {
  const kindOf = (n: number) => (n % 2 === 0 ? "even" : "odd");
  const wrong = documents.filter(({ id, source: { n, kind } }) => id !== String(n) || kind !== kindOf(n));
  return {
    ...examineNumbers(
      documents.map(({ source }) => source.n),
      parallelism,
    ),
    wrong: wrong.map(({ id }) => id),
    writtenAgain: documents.filter(({ version }) => version > 1).length,
  };
}

/** What the index of last numbers holds, beside what it must hold. */
export interface LatestContents {
  readonly documents: number;
  /** Ids whose document is another one than the numbers say, is missing or must not be there. */
  readonly wrong: readonly string[];
  /** Writes and deletions in it. */
  readonly writes: number;
}

/**
 * Compares the index of last numbers with what follows from all numbers that were written: by its remainder each key has
 * one last number, and has a document where that lies in the lower half of two hundred.
 */
export function examineLatest(latest: readonly StoredDocument[], numbers: readonly number[]): LatestContents {
  const expected = new Map<string, number>();
  for (const n of numbers) {
    const key = String(n % KEYS);
    expected.set(key, Math.max(n, expected.get(key) ?? 0));
  }
  for (const [key, n] of [...expected]) if (n % (2 * KEYS) >= KEYS) expected.delete(key);
  const found = new Map(latest.map(({ id, source }) => [id, source.n]));
  const ids = [...new Set([...expected.keys(), ...found.keys()])];
  return {
    documents: latest.length,
    wrong: ids.filter((id) => found.get(id) !== expected.get(id)),
    writes: latest.reduce((sum, { version }) => sum + version, 0),
  };
}
