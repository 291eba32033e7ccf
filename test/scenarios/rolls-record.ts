import { type ChangeRecord, changeLines } from "./change-record";
import { tableLines } from "./record";
import type { RollRecord } from "./rolling-change";
import { type StreamPage, writeStreamPage } from "./stream-page";

/** Writes the page of what was rolled under watch, and of what changes took from nodes and jobs where that was watched too. */
export function writeRollsRecord(
  record: StreamPage & {
    readonly rolls: readonly RollRecord[];
    readonly changes?: readonly ChangeRecord[];
  },
): string {
  const { rolls, changes = [] } = record;
  return writeStreamPage(record, [
    ...tableLines(
      ["change", "seconds", "seconds of each node with the lock, in its order", "samples", "most nodes down at once"],
      rolls.map((roll) => [roll.what, roll.seconds.toFixed(0), secondsOfNodes(roll), roll.samples, roll.mostDown]),
    ),
    ...(changes.length > 0 ? ["", ...changeLines(changes)] : []),
  ]);
}

function secondsOfNodes({ nodes }: RollRecord): string {
  return nodes.map(({ node, seconds }) => `${node.replace(/^.*-node-/, "")}: ${seconds.toFixed(0)}`).join(", ");
}
