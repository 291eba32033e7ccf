import { createHash } from "node:crypto";
import { RollLock, type SeenLock } from "../../node/agent/roll/lock";
import { MACHINE_CHANGE, type RolledChange, type RollLockRecord, type StoppedRoll } from "../../node/roll";
import type { ClusterBucket } from "../../software/node-status";
import { sharedObjects } from "./shared-objects";

/** Well within the time after which the node gives it back. */
const RENEWAL_MILLIS = 60_000;
/** Whoever has not written it for so long has missed two renewals, and is gone. */
const LOST_SECONDS = 150;

/**
 * The lock of the rolling change, held in the name of the node whose machine is changed or replaced: no other node goes
 * down meanwhile.
 */
export class MachineLock {
  private readonly lock: RollLock;
  private readonly timer: NodeJS.Timeout;

  /**
   * Nothing where somebody else holds it: a node for a change of its own, or whoever changes a machine just now.
   *
   * @param what for people, such as `a machine of m7i.xlarge`
   */
  public static async take(from: ClusterBucket, node: string, what: string): Promise<MachineLock | undefined> {
    const lock = lockOf(from, node);
    const seen = await lock.read();
    if (isHeld(seen)) return undefined;
    const isTaken = await lock.take(seen, changeTo(what), stoppedIn(seen.record));
    return isTaken ? new MachineLock(lock, node, (seen.record?.generation ?? 0) + 1) : undefined;
  }

  private constructor(
    lock: RollLock,
    private readonly node: string,
    /** Of the lock as it was taken: whoever slept for too long may find another's in the name of the same node. */
    private readonly generation: number,
  ) {
    this.lock = lock;
    // What fails is done again a minute later.
    this.timer = setInterval(() => void this.renew().catch(() => undefined), RENEWAL_MILLIS);
    this.timer.unref();
  }

  public async release(): Promise<void> {
    clearInterval(this.timer);
    const seen = await this.lock.read();
    if (this.isMine(seen.record)) await this.lock.release(seen);
  }

  private async renew(): Promise<void> {
    const seen = await this.lock.read();
    if (this.isMine(seen.record)) await this.lock.renew(seen);
  }

  private isMine(record: RollLockRecord | undefined): boolean {
    const { owner, change, generation } = record ?? {};
    return owner === this.node && change?.kind === MACHINE_CHANGE && generation === this.generation;
  }
}

function lockOf({ client, bucket, cluster }: ClusterBucket, node: string): RollLock {
  return new RollLock(sharedObjects(client), { bucket, cluster, node });
}

function changeTo(what: string): RolledChange {
  return { kind: MACHINE_CHANGE, sha256: createHash("sha256").update(what).digest("hex"), reason: what };
}

function isHeld({ record, ageSeconds = 0 }: SeenLock): boolean {
  if (!record || record.owner === null || record.phase === "failed") return false;
  return record.change?.kind !== MACHINE_CHANGE || ageSeconds < LOST_SECONDS;
}

/** A roll that has failed is so again afterwards. */
function stoppedIn(record: RollLockRecord | undefined): StoppedRoll | undefined {
  if (record?.stopped) return record.stopped;
  if (!record?.change || record.owner === null || record.phase !== "failed") return undefined;
  const { owner, since, change, reason, before } = record;
  return { owner, since, change, ...(reason === undefined ? {} : { reason }), ...(before ? { before } : {}) };
}
