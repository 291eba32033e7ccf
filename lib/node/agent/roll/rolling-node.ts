import type { LineChangeReport, NodeReport } from "../../report";
import type { RollReport } from "../../roll";
import type { SharedObjects } from "../object-store";
import type { AtOnce, Change, ChangeSource } from "./change";
import type { FlinkView } from "./flink-view";

/** What the roll asks of the node that it is part of. */
export interface RollingNode {
  readonly name: string;
  /** As it stands, by its own knowledge. */
  report(): NodeReport;
  /** Whether what it runs was ever healthy here. */
  wasHealthy(): boolean;
  askFlink(): Promise<FlinkView>;
  /**
   * Why processes that are started again could not do their work, although those that run do theirs, one sentence
   * without a full stop; nothing where they could.
   */
  obstacleToStart(change: Change): string | undefined;
  /** How it stands to the roll, for its report. */
  tell(roll: Omit<RollReport, "since"> | undefined): void;
}

/**
 * The processes of Flink on this node. While they are held, they are not started before the lock was read, and after a crash
 * or a boot neither: the cluster may run another line of Flink by then.
 */
export interface RolledFlink {
  /** The line that this node runs, or shall run when it may. */
  readonly line: string;
  /** All nodes of the cluster, with this one. */
  readonly nodes: readonly string[];
  /** Whether they may run. */
  readonly isOpen: boolean;
  /** Whether they are held, on this machine's disk. */
  readonly isHeld: boolean;
  /** Whether `stop` has stopped them, so that only a new process starts them again. */
  readonly wasStopped: boolean;
  hold(): Promise<void>;
  letGo(): Promise<void>;
  /** Lets them be started, where they have not been yet. */
  open(): void;
  /** Returns when none of them runs, and none is started again by this process. */
  stop(): Promise<void>;
  /**
   * What ZooKeeper keeps of jobs that have not ended, by their names there: only the line that made it can read it. Fails
   * also where a line that has run has no place there: then it is looked for in the wrong one.
   */
  plans(lineThatRan: string): Promise<readonly string[]>;
  /** How far this node is, for its report. */
  tell(lineChange: LineChangeReport | undefined): void;
}

export interface RollProps {
  readonly place: { readonly bucket: string; readonly cluster: string };
  readonly objects: SharedObjects;
  readonly node: RollingNode;
  /** Absent where what is to run here cannot be read. */
  readonly flink?: RolledFlink;
  /** In the order of their importance. */
  readonly sources: readonly ChangeSource[];
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
  /** The time of day, for maintenance windows. */
  readonly now?: () => Date;
}

/**
 * How the agent goes on: `soon` and `later` look again; `start anew` as a new process, with what was applied;
 * `try at once` with what is wanted, outside of a roll.
 */
export type Outcome = "soon" | "later" | AtOnce;
