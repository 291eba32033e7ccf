import * as path from "path";
import type { StreamContents } from "./numbered-stream";
import { origin, writePage } from "./record";

/** What was done to a cluster under jobs and the numbered stream. */
export interface StreamPage {
  readonly title: string;
  /** The test that did it, a path; the page has its name. */
  readonly of: string;
  /** What a reader has to know of the cluster and its jobs, a line each. */
  readonly about: readonly string[];
  /** The numbered stream over all of it. */
  readonly contents: StreamContents;
}

/** Writes the page of a test, with what it showed between its origin and its numbered stream; gives its path. */
export function writeStreamPage({ title, of, about, contents }: StreamPage, shown: readonly string[]): string {
  return writePage(`${path.basename(of, ".test.ts")}.md`, [
    `# ${title}`,
    "",
    ...origin(of),
    "",
    ...about,
    "",
    ...shown,
    "",
    `The numbered stream over all of it: ${contents.rows} rows, ${contents.missing.length} missing, ${contents.duplicates.length} duplicated.`,
    "",
  ]);
}
