import type { NodeReport } from "../../report";
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

export interface RollProps {
  readonly place: { readonly bucket: string; readonly cluster: string };
  readonly objects: SharedObjects;
  readonly node: RollingNode;
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
