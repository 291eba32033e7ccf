import { examineNumbers, StreamContents } from "../numbered-stream";
import { ITEMS } from "./database-layout";

/** A number with the item that the job found for it. */
export type NumberedRow = readonly [n: number, item: string];

/** What a table holds that has a row per number. */
export interface TableContents extends Omit<StreamContents, "files"> {
  /** Numbers with another item than theirs. */
  readonly wrong: readonly number[];
}

export function itemOf(n: number): string {
  return `item-${n % ITEMS}`;
}

/** Finds what is missing, doubled or wrong among rows that have a number each. */
export function examineRows(rows: readonly NumberedRow[], parallelism: number): TableContents {
  return {
    ...examineNumbers(
      rows.map(([n]) => n),
      parallelism,
    ),
    wrong: rows.filter(([n, item]) => item !== itemOf(n)).map(([n]) => n),
  };
}
