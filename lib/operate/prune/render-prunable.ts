import { showBytes } from "../../software/progress";
import { columns, counted, timeInWords } from "../../software/status/words";
import { printable } from "../../core/printable";
import type { StoredVersion } from "./object-history";
import { partOf } from "./prunable";
import { type Prunable, partText } from "./prune";

/** What could go, as a person reads it. */
export function renderPrunable(found: Prunable, bucket: string): string {
  const { clusters, parts, reports, oldVersions, neededElsewhere, missing } = found;
  const table = columns(["part", "version", "size", "written"], parts.map(rowOf));
  const nodes = reports.map(({ key }) => printable(key.slice(key.lastIndexOf("/") + 1).replace(/\.json$/, "")));
  return [
    `The bucket ${bucket}, by what its clusters need: ${clusters.map(printable).join(", ")}`,
    ...(parts.length > 0 ? ["", table] : []),
    "",
    ...(parts.length > 0 ? [`${counted(parts.length, "part")} that no cluster needs: ${sizeOf(parts)}`] : []),
    ...(reports.length > 0
      ? [`${counted(reports.length, "report")} of nodes that are no more: ${nodes.join(", ")}`]
      : []),
    ...(oldVersions.length > 0
      ? [`${counted(oldVersions.length, "old version")} of parts that were removed before: ${sizeOf(oldVersions)}`]
      : []),
    ...(parts.length + reports.length + oldVersions.length === 0 ? ["Nothing lies in it that nobody needs."] : []),
    ...(neededElsewhere.length > 0
      ? [
          `${counted(neededElsewhere.length, "part")} that only clusters of other buckets name (${sizeOf(neededElsewhere)}) stay; with --alone they would not.`,
        ]
      : []),
    ...missing.map(
      (key) => `${printable(partText(key))} is needed and was removed: publish it again, or deploy again.`,
    ),
  ].join("\n");
}

function rowOf({ key, sizeBytes, writtenAt }: StoredVersion): readonly string[] {
  const { name, version } = partOf(key);
  return [printable(name), printable(version), showBytes(sizeBytes), timeInWords(new Date(writtenAt).toISOString())];
}

function sizeOf(versions: readonly StoredVersion[]): string {
  return showBytes(versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
}
