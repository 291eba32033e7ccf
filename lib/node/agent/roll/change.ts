import type { NodeReport } from "../../report";
import type { RolledChange } from "../../roll";

/** How the agent goes on after a change was taken over, or taken back: at once, or as a new process. */
export type Afterwards = "go on" | "start anew";

/** How the agent goes on without a roll: `try at once` with what is wanted and was never tried. */
export type AtOnce = "start anew" | "try at once";

/**
 * Something that every node of a cluster takes over, one after the other, each with its units going down: another
 * desired state, a renewed certificate. The roll does the rest: the lock, the order, health before and after.
 *
 * Every step may be cut by a crash and is then done again.
 */
export interface Change {
  /** What the lock and the events say of it. With it the source finds the same change again after a crash. */
  readonly about: RolledChange;
  /** Why this node will never take it over, one sentence without a full stop; absent when it will. */
  readonly refusal?: string;
  /** Whether it goes on where a change of another kind has failed, which stays failed. */
  readonly passesFailure?: boolean;
  /** Whether a node that is ill takes it over before all others, as its illness may end by it. */
  readonly mayMend?: boolean;
  /** Whether this node is of no use without it: then there is nothing to wait for. */
  readonly isOverdue?: boolean;
  /** The role whose credentials the jobs get with it; absent where that stays as it is. */
  readonly jobRoleArn?: string;
  /** Line of Flink that runs with it, such as `2.3`; absent where it is not known, or nothing of Flink's. */
  readonly flinkLine?: string;
  /** Slots of each TaskManager with it; absent where that is not known, or jobs take as many as there are. */
  readonly slotsOfEach?: number;
  /** All nodes that are to be healthy before one of them begins. */
  readonly nodes: readonly string[];
  /** Whether a node needs it no more, by its report. */
  isDoneBy(report: NodeReport): boolean;
  /** When a node that is well may begin with it, where that is not yet; absent, or nothing: it may now. */
  opensAt?(now: Date): Date | undefined;
  /** All that can fail before anything is stopped. */
  prepare(): Promise<void>;
  /** Whether this node has taken it over, healthy or not. */
  isApplied(): Promise<boolean>;
  /** Takes it over: stops, changes and starts what has to be. */
  apply(): Promise<Afterwards>;
  /** Takes it over outside of a roll, where nothing is lost by it. */
  applyAtOnce(): Promise<AtOnce>;
  /** Why this machine went back from it without this agent's doing, one sentence without a full stop; else nothing. */
  fellBack?(): Promise<string | undefined>;
  /** Back to what was before, which the SHA-256 names; absent where there is no way back. */
  undo?(sha256: string): Promise<Afterwards>;
}

/** Where changes of one kind come from. */
export interface ChangeSource {
  /** The `kind` of its changes. */
  readonly kind: string;
  /** What this node should take over and has not; nothing when all is as it should be. */
  wanted(): Promise<Change | undefined>;
  /** The change that the lock names, as far as it is needed after it was applied. */
  resume(about: RolledChange): Change;
  /** No change of this kind is on trial on this machine any more: it holds, or the roll has stopped. */
  settle?(): Promise<void>;
}
