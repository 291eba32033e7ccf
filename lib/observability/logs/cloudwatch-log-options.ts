import { Duration } from "../../core/duration";
import { IKey } from "../../encryption/i-key";

/** A log group of Amazon CloudWatch Logs: one that is made for the logs, or an existing one. */
export interface CloudWatchLogOptions {
  /**
   * Name of the log group that is made: 1 to 512 letters, digits and `._/#-`, not beginning with `aws/`. Destroying the
   * `LogIntegration` destroys it.
   *
   * @default - `/flink/` and the name of the cluster
   */
  readonly logGroupName?: string;
  /**
   * How long it keeps events, of the lengths that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150 or 180 days, or
   * 365 days and longer, up to 3653.
   *
   * @default Duration.days(365)
   */
  readonly retention?: Duration;
  /**
   * Key of your own that encrypts it; its policy must let CloudWatch Logs use it (docs/keys.md).
   *
   * @default - a key for it alone is created, with an alias and yearly rotation
   */
  readonly encryptionKey?: IKey;
  /**
   * Name of a log group of the account and region that exists already. Nothing of it is changed: its retention and its key
   * are its owner's. The three others are refused beside it.
   *
   * @default - a log group is made
   */
  readonly existingLogGroupName?: string;
}
