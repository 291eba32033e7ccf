import { printable } from "../../core/printable";
import type { RolledChange, RollLockRecord } from "../../node/roll";
import { Problem } from "../../software/problem";

/** As much of a lock as says that all nodes change Flink's line together. */
type LineLock = Pick<RollLockRecord, "owner" | "phase"> & {
  readonly change?: Partial<RolledChange> & { readonly line?: { readonly from: string; readonly to: string } };
};

/** Refuses to begin a job while the nodes change Flink's line: one of the new line would keep them from going back. */
export function requireNoLineChange(lock: LineLock | undefined): void {
  const line = lock?.change?.line;
  if (!line || lock.owner === null || lock.phase === "failed") return;
  throw new Problem(
    `the nodes are changed from Flink ${printable(line.from)} to ${printable(line.to)} just now: run the same command again when they have done it (\`npx cdktf-flink wait --rolled\` waits for that)`,
  );
}
