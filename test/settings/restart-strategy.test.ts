import { Duration } from "../../lib/core/duration";
import { RestartStrategy } from "../../lib/settings";

describe("RestartStrategy", () => {
  test("the default outlasts a rolling change: 10 failures in 5 minutes, 10 s apart", () => {
    expect(RestartStrategy.failureRate().toFlinkConfiguration()).toEqual({
      "restart-strategy.type": "failure-rate",
      "restart-strategy.failure-rate.max-failures-per-interval": "10",
      "restart-strategy.failure-rate.failure-rate-interval": "5 min",
      "restart-strategy.failure-rate.delay": "10 s",
    });
  });

  test("every option of every strategy reaches Flink", () => {
    expect(
      RestartStrategy.failureRate({
        maxFailuresPerInterval: 128,
        failureRateInterval: Duration.days(2),
        delay: Duration.millis(1500),
      }).toFlinkConfiguration(),
    ).toEqual({
      "restart-strategy.type": "failure-rate",
      "restart-strategy.failure-rate.max-failures-per-interval": "128",
      "restart-strategy.failure-rate.failure-rate-interval": "2 d",
      "restart-strategy.failure-rate.delay": "1500 ms",
    });
    expect(RestartStrategy.fixedDelay({ attempts: 3, delay: Duration.hours(1) }).toFlinkConfiguration()).toEqual({
      "restart-strategy.type": "fixed-delay",
      "restart-strategy.fixed-delay.attempts": "3",
      "restart-strategy.fixed-delay.delay": "1 h",
    });
    expect(
      RestartStrategy.exponentialDelay({
        initialBackoff: Duration.seconds(2),
        maxBackoff: Duration.minutes(2),
        backoffMultiplier: 2,
        resetBackoffThreshold: Duration.hours(2),
        jitterFactor: 0.25,
        attemptsBeforeResetBackoff: 7,
      }).toFlinkConfiguration(),
    ).toEqual({
      "restart-strategy.type": "exponential-delay",
      "restart-strategy.exponential-delay.initial-backoff": "2 s",
      "restart-strategy.exponential-delay.max-backoff": "2 min",
      "restart-strategy.exponential-delay.backoff-multiplier": "2",
      "restart-strategy.exponential-delay.reset-backoff-threshold": "2 h",
      "restart-strategy.exponential-delay.jitter-factor": "0.25",
      "restart-strategy.exponential-delay.attempts-before-reset-backoff": "7",
    });
    expect(RestartStrategy.exponentialDelay().toFlinkConfiguration()).not.toHaveProperty([
      "restart-strategy.exponential-delay.attempts-before-reset-backoff",
    ]);
    expect(RestartStrategy.none().toFlinkConfiguration()).toEqual({ "restart-strategy.type": "disable" });
  });

  const wrong: unknown = "5 min";
  test.each<[string, () => RestartStrategy, string]>([
    ["no failures", () => RestartStrategy.failureRate({ maxFailuresPerInterval: 0 }), "maxFailuresPerInterval is 0"],
    ["too many", () => RestartStrategy.failureRate({ maxFailuresPerInterval: 129 }), "maxFailuresPerInterval is 129"],
    ["NaN", () => RestartStrategy.failureRate({ maxFailuresPerInterval: NaN }), "maxFailuresPerInterval is NaN"],
    ["a fraction", () => RestartStrategy.failureRate({ maxFailuresPerInterval: 1.5 }), "maxFailuresPerInterval is 1.5"],
    [
      "short interval",
      () => RestartStrategy.failureRate({ failureRateInterval: Duration.seconds(59) }),
      "failureRateInterval is 59 s",
    ],
    [
      "long interval",
      () => RestartStrategy.failureRate({ failureRateInterval: Duration.days(3) }),
      "failureRateInterval is 3 d",
    ],
    [
      "text",
      () => RestartStrategy.failureRate({ failureRateInterval: wrong as Duration }),
      'failureRateInterval is "5 min"',
    ],
    ["short delay", () => RestartStrategy.failureRate({ delay: Duration.millis(999) }), "delay is 999 ms"],
    ["long delay", () => RestartStrategy.fixedDelay({ delay: Duration.minutes(61) }), "delay is 61 min"],
    ["no attempts", () => RestartStrategy.fixedDelay({ attempts: 0 }), "attempts is 0"],
    ["Infinity", () => RestartStrategy.fixedDelay({ attempts: Infinity }), "attempts is Infinity"],
    ["multiplier", () => RestartStrategy.exponentialDelay({ backoffMultiplier: 1 }), "backoffMultiplier is 1"],
    ["jitter", () => RestartStrategy.exponentialDelay({ jitterFactor: 1.1 }), "jitterFactor is 1.1"],
    ["jitter NaN", () => RestartStrategy.exponentialDelay({ jitterFactor: NaN }), "jitterFactor is NaN"],
    [
      "reset",
      () => RestartStrategy.exponentialDelay({ resetBackoffThreshold: Duration.millis(0) }),
      "resetBackoffThreshold is 0 ms",
    ],
    [
      "attempts",
      () => RestartStrategy.exponentialDelay({ attemptsBeforeResetBackoff: -1 }),
      "attemptsBeforeResetBackoff is -1",
    ],
    [
      "initial above max",
      () => RestartStrategy.exponentialDelay({ initialBackoff: Duration.minutes(2) }),
      "initialBackoff is 2 min, but must be at most maxBackoff, which is 1 min",
    ],
    [
      "no object",
      () => RestartStrategy.fixedDelay(wrong as object),
      'the argument of RestartStrategy.fixedDelay is "5 min"',
    ],
  ])("refuses %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
