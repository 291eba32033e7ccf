import { Duration } from "../core/duration";
import { OptionNames, refuse, requireInteger, requireOptionsOf } from "../core/validation";
import { requireDuration, requireNumber } from "./ranges";

/** Options of `RestartStrategy.failureRate`. */
export interface FailureRateOptions {
  /**
   * How many failures within the interval a job survives, 1 to 128 (Flink key
   * `restart-strategy.failure-rate.max-failures-per-interval`).
   * @default 10
   */
  readonly maxFailuresPerInterval?: number;
  /**
   * The interval over which failures are counted, 1 minute to 2 days (Flink key
   * `restart-strategy.failure-rate.failure-rate-interval`).
   * @default 5 minutes
   */
  readonly failureRateInterval?: Duration;
  /**
   * Wait before a restart, 1 second to 1 hour (Flink key `restart-strategy.failure-rate.delay`).
   * @default 10 seconds
   */
  readonly delay?: Duration;
}

/** Options of `RestartStrategy.fixedDelay`. */
export interface FixedDelayOptions {
  /**
   * How many times a job is restarted before it fails for good, 1 to 2,147,483,647 (Flink key
   * `restart-strategy.fixed-delay.attempts`).
   * @default 128
   */
  readonly attempts?: number;
  /**
   * Wait before a restart, 1 second to 1 hour (Flink key `restart-strategy.fixed-delay.delay`).
   * @default 10 seconds
   */
  readonly delay?: Duration;
}

/** Options of `RestartStrategy.exponentialDelay`. */
export interface ExponentialDelayOptions {
  /**
   * Wait before the first restart, 100 milliseconds to 1 hour and not above `maxBackoff` (Flink key
   * `restart-strategy.exponential-delay.initial-backoff`).
   * @default 1 second
   */
  readonly initialBackoff?: Duration;
  /**
   * The longest wait, 1 second to 1 day (Flink key `restart-strategy.exponential-delay.max-backoff`).
   * @default 1 minute
   */
  readonly maxBackoff?: Duration;
  /**
   * By what the wait grows after each failure, 1.01 to 100 (Flink key
   * `restart-strategy.exponential-delay.backoff-multiplier`).
   * @default 1.5
   */
  readonly backoffMultiplier?: number;
  /**
   * After this long without a failure the wait is the initial one again, 1 second to 30 days (Flink key
   * `restart-strategy.exponential-delay.reset-backoff-threshold`).
   * @default 1 hour
   */
  readonly resetBackoffThreshold?: Duration;
  /**
   * Random share of the wait by which it is made shorter or longer, 0 to 1 (Flink key
   * `restart-strategy.exponential-delay.jitter-factor`).
   * @default 0.1
   */
  readonly jitterFactor?: number;
  /**
   * How many restarts without a reset a job survives, 1 to 2,147,483,647 (Flink key
   * `restart-strategy.exponential-delay.attempts-before-reset-backoff`).
   * @default - no limit
   */
  readonly attemptsBeforeResetBackoff?: number;
}

const FAILURE_RATE: OptionNames<FailureRateOptions> = {
  maxFailuresPerInterval: true,
  failureRateInterval: true,
  delay: true,
};
const FIXED_DELAY: OptionNames<FixedDelayOptions> = { attempts: true, delay: true };
const EXPONENTIAL_DELAY: OptionNames<ExponentialDelayOptions> = {
  initialBackoff: true,
  maxBackoff: true,
  backoffMultiplier: true,
  resetBackoffThreshold: true,
  jitterFactor: true,
  attemptsBeforeResetBackoff: true,
};
const MAX_INT = 2_147_483_647;
const SHORTEST_DELAY = Duration.seconds(1);
const LONGEST_DELAY = Duration.hours(1);

/**
 * How Flink restarts jobs that failed: the cluster's default, which a job can override. The default of the
 * cluster is `RestartStrategy.failureRate()`; its numbers outlast a rolling change of the cluster itself.
 */
export class RestartStrategy {
  /** Restart until there were too many failures within an interval. */
  public static failureRate(options?: FailureRateOptions): RestartStrategy {
    const of = checked("RestartStrategy.failureRate", options, FAILURE_RATE);
    const maxFailures = of.maxFailuresPerInterval ?? 10;
    const interval = of.failureRateInterval ?? Duration.minutes(5);
    const delay = of.delay ?? Duration.seconds(10);
    requireInteger("maxFailuresPerInterval", maxFailures, 1, 128);
    requireDuration("failureRateInterval", interval, Duration.minutes(1), Duration.days(2));
    requireDuration("delay", delay, SHORTEST_DELAY, LONGEST_DELAY);
    return new RestartStrategy("failure-rate", {
      "max-failures-per-interval": String(maxFailures),
      "failure-rate-interval": interval.toString(),
      delay: delay.toString(),
    });
  }

  /** Restart a number of times, always after the same wait. */
  public static fixedDelay(options?: FixedDelayOptions): RestartStrategy {
    const of = checked("RestartStrategy.fixedDelay", options, FIXED_DELAY);
    const attempts = of.attempts ?? 128;
    const delay = of.delay ?? Duration.seconds(10);
    requireInteger("attempts", attempts, 1, MAX_INT);
    requireDuration("delay", delay, SHORTEST_DELAY, LONGEST_DELAY);
    return new RestartStrategy("fixed-delay", { attempts: String(attempts), delay: delay.toString() });
  }

  /** Restart after a wait that grows with each failure, without an end unless one is set. */
  public static exponentialDelay(options?: ExponentialDelayOptions): RestartStrategy {
    const of = checked("RestartStrategy.exponentialDelay", options, EXPONENTIAL_DELAY);
    const initial = of.initialBackoff ?? Duration.seconds(1);
    const max = of.maxBackoff ?? Duration.minutes(1);
    const multiplier = of.backoffMultiplier ?? 1.5;
    const reset = of.resetBackoffThreshold ?? Duration.hours(1);
    const jitter = of.jitterFactor ?? 0.1;
    requireDuration("initialBackoff", initial, Duration.millis(100), Duration.hours(1));
    requireDuration("maxBackoff", max, Duration.seconds(1), Duration.days(1));
    requireNumber("backoffMultiplier", multiplier, 1.01, 100);
    requireDuration("resetBackoffThreshold", reset, Duration.seconds(1), Duration.days(30));
    requireNumber("jitterFactor", jitter, 0, 1);
    if (initial.toMilliseconds() > max.toMilliseconds()) {
      refuse({
        property: "initialBackoff",
        value: initial,
        allowed: `at most maxBackoff, which is ${max}`,
        remedy: "shorten initialBackoff or lengthen maxBackoff",
      });
    }
    const attempts = of.attemptsBeforeResetBackoff;
    if (attempts !== undefined) requireInteger("attemptsBeforeResetBackoff", attempts, 1, MAX_INT);
    return new RestartStrategy("exponential-delay", {
      "initial-backoff": initial.toString(),
      "max-backoff": max.toString(),
      "backoff-multiplier": String(multiplier),
      "reset-backoff-threshold": reset.toString(),
      "jitter-factor": String(jitter),
      ...(attempts === undefined ? {} : { "attempts-before-reset-backoff": String(attempts) }),
    });
  }

  /** Never restart: the first failure ends a job, also one that a change of the cluster causes. */
  public static none(): RestartStrategy {
    return new RestartStrategy("disable", {});
  }

  /** Flink's name of the strategy: `failure-rate`, `fixed-delay`, `exponential-delay` or `disable`. */
  public readonly strategyType: string;
  private readonly options: { [option: string]: string };

  private constructor(type: string, options: { [option: string]: string }) {
    this.strategyType = type;
    this.options = options;
  }

  /** The keys of Flink's configuration that this strategy sets, with their values. */
  public toFlinkConfiguration(): { [key: string]: string } {
    const entries: { [key: string]: string } = { "restart-strategy.type": this.strategyType };
    for (const [option, value] of Object.entries(this.options)) {
      entries[`restart-strategy.${this.strategyType}.${option}`] = value;
    }
    return entries;
  }
}

function checked<T extends object>(factory: string, options: T | undefined, names: OptionNames<T>): T {
  if (options !== undefined) requireOptionsOf<T>(`the argument of ${factory}`, options, names);
  return options ?? ({} as T);
}
