import type { RollLockRecord } from "../../roll";

/**
 * What a node does next.
 *
 * - `rest`: nothing is to be done.
 * - `try at once`: what it runs was never healthy, so that nothing is lost without a roll.
 * - `wait for its turn`: and take the lock when it has come.
 * - `prepare`: then, if the cluster is still well, take the change over.
 * - `admit the fall back`: this machine went back by itself, as the agent on trial could not; the lock says so from then on.
 * - `check`: it is taken over; wait until all is well again, and release the lock.
 * - `go back`: to what ran before.
 * - `check after going back`: then the roll has stopped.
 * - `stay stopped`: until another change is wanted.
 * - `begin anew`: with another change than the one that failed here.
 * - `release`: there is nothing left to be done.
 */
export type Step =
  | "rest"
  | "try at once"
  | "wait for its turn"
  | "prepare"
  | "admit the fall back"
  | "check"
  | "go back"
  | "check after going back"
  | "stay stopped"
  | "begin anew"
  | "release";

/** All that decides. Nothing of it is lost by a crash: the lock lies in the bucket, the rest on the machine's disk. */
export interface Situation {
  readonly node: string;
  readonly lock?: RollLockRecord;
  /** SHA-256 of the change that is wanted and that this node has not taken over. */
  readonly wanted?: string;
  /** Whether this node has taken over the change that the lock names. */
  readonly isApplied: boolean;
  /** Whether this machine went back from that change by itself. */
  readonly hasFallenBack: boolean;
  /** Whether this node is healthy now. */
  readonly isHealthy: boolean;
  /** Whether what it runs was ever healthy here. */
  readonly wasHealthy: boolean;
}

export function nextStep(situation: Situation): Step {
  const { node, lock, wanted, isApplied, isHealthy, wasHealthy } = situation;
  if (!lock?.change || lock.owner !== node) {
    if (wanted === undefined) return "rest";
    return wasHealthy ? "wait for its turn" : "try at once";
  }
  switch (lock.phase) {
    case "going-back":
      return isApplied ? "go back" : "check after going back";
    case "failed":
      if (wanted === lock.change.sha256) return "stay stopped";
      // What failed before this one, at whichever node, is not tried again.
      if (wanted !== undefined && wanted !== lock.stopped?.change.sha256) return "begin anew";
      return isApplied && !isHealthy ? "stay stopped" : "release";
    default:
      if (isApplied) return "check";
      if (lock.phase === "applying" && situation.hasFallenBack) return "admit the fall back";
      return wanted === lock.change.sha256 ? "prepare" : "release";
  }
}
