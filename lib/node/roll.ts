/**
 * The rolling change as it is written down in the bucket: the lock, which outlives every crash, and the events.
 * Nodes write both; people and the command line read them.
 */

/** The kind of a change that no node carries out itself: its machine is stopped, changed and started from outside. */
export const MACHINE_CHANGE = "machine";

/** Whoever changes a machine writes the lock again at least so often; after that nobody does any more. */
export const MACHINE_LEASE_SECONDS = 300;

/** From one line of Flink to another, such as from `2.2` to `2.3`. */
export interface LineChange {
  readonly from: string;
  readonly to: string;
}

/** What is changed. */
export interface RolledChange {
  /**
   * `desired-state`: to the version of the object that `versionId` names; `certificates`: those of one node; `machine`: to
   * another type.
   */
  readonly kind: string;
  /** SHA-256 of what is taken over, or of the name of what is replaced, lower-case hexadecimal. */
  readonly sha256: string;
  /** S3 version id of it; absent where it is no object. */
  readonly versionId?: string;
  /**
   * Absent where the line of Flink stays. Else all nodes take it over together, so that there are never two lines at once:
   * the lock is then that of all of them, and its owner the one that began.
   */
  readonly line?: LineChange;
  /** For people, such as `a new desired state`. */
  readonly reason: string;
}

/**
 * How far the owner of the lock is.
 *
 * - `preparing`: it fetches and checks; nothing is stopped yet.
 * - `stopping`: where the line of Flink changes, all nodes stop Flink, and none runs it until all have; with a reason they
 *   do so to go back.
 * - `applying`: it takes the change over, or has done so and waits until all is well again.
 * - `going-back`: that failed; it goes back to what ran before.
 * - `failed`: the roll has stopped, and begins anew only with another desired state.
 */
export type RollPhase = "preparing" | "stopping" | "applying" | "going-back" | "failed";

/** How the cluster was just before a node took a change over: what has to be there again afterwards. */
export interface ClusterBefore {
  /** SHA-256 of the desired state that the node ran. */
  readonly sha256: string;
  /** How many TaskManagers were registered, and at most as many as the changed cluster has nodes. */
  readonly taskManagers: number;
  /** Ids of the jobs that ran. */
  readonly jobs: readonly string[];
}

/** A roll that failed, while a change of another kind goes on. */
export interface StoppedRoll {
  /** Node at which it stopped. */
  readonly owner: string;
  /** When it failed, ISO 8601 in UTC. */
  readonly since: string;
  readonly change: RolledChange;
  readonly reason?: string;
  readonly before?: ClusterBefore;
}

/**
 * The lock of a cluster. It never expires: it belongs to the owner's name, so that the same node goes on after a
 * crash, a reboot or a replacement of its machine, and no other takes it.
 */
export interface RollLockRecord {
  readonly schemaVersion: 1;
  /** Name of the node; null: free. */
  readonly owner: string | null;
  /** Counts how often the lock was taken. */
  readonly generation: number;
  /** When this phase began, or the lock was released, ISO 8601 in UTC. */
  readonly since: string;
  /** What the owner changes; of a free lock: what the last one changed. */
  readonly change?: RolledChange;
  /** Absent: free. */
  readonly phase?: RollPhase;
  /** Why it goes back or failed, one sentence without a full stop. */
  readonly reason?: string;
  readonly before?: ClusterBefore;
  /** What the lock was kept for when it was taken: it is so again when it is released. */
  readonly stopped?: StoppedRoll;
}

export type RollEventName = "started" | "applied" | "healthy" | "failed" | "rolled-back" | "released";

/** One event, an object of its own that is never written again. */
export interface RollEvent {
  readonly schemaVersion: 1;
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly node: string;
  readonly what: RollEventName;
  readonly generation: number;
  readonly change: RolledChange;
  /** One sentence without a full stop. */
  readonly reason?: string;
}

/** How one node stands to a rolling change. */
export interface RollReport {
  /** That of the lock when this node holds it; `waiting` for its turn; `refused`: it will never take it over. */
  readonly phase: RollPhase | "waiting" | "refused";
  /** SHA-256 of what is to be taken over. */
  readonly sha256: string;
  /** Since when it is so, ISO 8601 in UTC. */
  readonly since: string;
  /** Why it waits, was refused or failed, one sentence without a full stop. */
  readonly reason?: string;
  /**
   * What it waits for where only people can end it: jobs that are to be stopped, or slots that jobs have and the change
   * takes; absent where it waits for something else.
   */
  readonly waitsFor?: "jobs" | "slots";
  /** When the maintenance window that it waits for opens, ISO 8601 in UTC; absent where it waits for something else. */
  readonly opensAt?: string;
}
