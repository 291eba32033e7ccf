import { reportKey, SOFTWARE_PREFIX } from "../../core/bucket-layout";
import { endOf, type ListedObject, type ObjectHistory, type StoredVersion } from "./object-history";

/** What could go from the software of a bucket. */
export interface PrunableSoftware {
  /** Parts that nobody needs: they are deleted, and S3 keeps what they were as old versions. */
  readonly parts: readonly StoredVersion[];
  /** Old versions, and the marks before them, of what was deleted long ago: they go for good. */
  readonly oldVersions: readonly StoredVersion[];
  /** Keys of parts that somebody needs and that were deleted. */
  readonly missing: readonly string[];
}

/** As `softwareKey` has it; what somebody else has put there is left alone. */
const PART = new RegExp(`^${SOFTWARE_PREFIX}([^/]+)/([^/]+)/([0-9a-f]{64})/[^/]+$`);

/** Name and version of the part that lies under a key. */
export function partOf(key: string): { readonly name: string; readonly version: string } {
  const [, name = key, version = ""] = PART.exec(key) ?? [];
  return { name, version };
}

/** What of the software could go: what nobody needs and is older than a time, in milliseconds since 1970. */
export function prunableSoftware(
  histories: ReadonlyMap<string, ObjectHistory>,
  needed: ReadonlySet<string>,
  before: number,
): PrunableSoftware {
  const parts: StoredVersion[] = [];
  const oldVersions: StoredVersion[] = [];
  for (const [key, history] of histories) {
    if (!PART.test(key)) continue;
    const [newest, ...older] = history;
    if (!newest.isMark) {
      if (!needed.has(key) && newest.writtenAt < before) parts.push(newest);
    } else if (needed.has(key)) {
      // Whoever brings it back takes one of these.
      continue;
    }
    const over = older.filter((_, index) => endOf(history, index + 1)! < before);
    oldVersions.push(...over);
    // A mark goes last: before that, what is older would be there again.
    if (newest.isMark && newest.writtenAt < before && over.length === older.length) oldVersions.push(newest);
  }
  const missing = [...needed].filter((key) => histories.get(key)?.[0].isMark);
  return { parts, oldVersions, missing };
}

/** Reports of nodes that a cluster has no more, and which have reported nothing since a time. */
export function prunableReports(
  reports: readonly ListedObject[],
  cluster: string,
  nodes: readonly string[],
  before: number,
): readonly ListedObject[] {
  const kept = new Set(nodes.map((node) => reportKey(cluster, node)));
  return reports.filter(({ key, writtenAt }) => !kept.has(key) && writtenAt < before);
}
