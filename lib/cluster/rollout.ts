import { Duration } from "../core/duration";
import { OptionNames, requireInstance, requireOptionsOf } from "../core/validation";
import { requireDuration } from "../settings/ranges";

/** Options of `Rollout.wait`. */
export interface RolloutWaitOptions {
  /**
   * After which an apply that still waits fails, 1 minute to 24 hours. The nodes go on without it.
   *
   * @default - 10 minutes, and 10 minutes more for each node: 40 minutes for three nodes
   */
  readonly timeout?: Duration;
}

const WAIT_OPTIONS: OptionNames<RolloutWaitOptions> = { timeout: true };
const SHORTEST_TIMEOUT = Duration.minutes(1);
const LONGEST_TIMEOUT = Duration.hours(24);

/** Whether an apply ends when the nodes run what it told them, or as soon as they are told. */
export class Rollout {
  /**
   * The apply waits until all nodes are healthy and run the newest desired state, and fails with the sentence of the
   * rolling change where that stops, where a node refuses it, or where a new machine has not reported within 15 minutes.
   * An apply that failed so, or was cut, is repeated by the next one, which waits again. While the nodes wait for nothing
   * but the cluster's maintenance window, the apply ends well and tells when that opens.
   *
   * @param options how long; a timeout out of its range is refused
   */
  public static wait(options?: RolloutWaitOptions): Rollout {
    if (options !== undefined) requireOptionsOf("the argument of Rollout.wait", options, WAIT_OPTIONS);
    const { timeout } = options ?? {};
    if (timeout !== undefined) requireDuration("timeout", timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
    return new Rollout(false, timeout);
  }

  /**
   * The apply ends when the nodes are told, without a look at any of them: `npx cdktf-flink wait --rolled` and
   * `npx cdktf-flink status` tell how it goes on.
   */
  public static detached(): Rollout {
    return new Rollout(true);
  }

  /** Whether the apply does not wait. */
  public readonly isDetached: boolean;
  /** After which an apply that waits fails; undefined where it follows from the number of nodes. */
  public readonly timeout?: Duration;

  private constructor(isDetached: boolean, timeout?: Duration) {
    this.isDetached = isDetached;
    this.timeout = timeout;
  }
}

/** Refuses anything but a `Rollout`. */
export function requireRollout(value: unknown): void {
  requireInstance("rollout", value, Rollout, "Rollout.wait()");
}
