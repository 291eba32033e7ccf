import type { TaskProgress } from "../progress";
import type { TablePart } from "../software-table";

/** Gives parts, each as one file. */
export interface IOrigin {
  /**
   * Fetches one part and returns the path of a finished file in `folder`. `flink` gives the file of
   * another part of the same release, for parts that lie inside one.
   */
  obtain(part: TablePart, folder: string, context: OriginContext): Promise<string>;
}

export interface OriginContext {
  readonly progress: TaskProgress;
  /** The finished file of another part of the same release. */
  partFile(name: string): Promise<string>;
}
