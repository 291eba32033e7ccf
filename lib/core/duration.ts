import { refuse } from "./validation";

const MILLIS = { milliseconds: 1, seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/**
 * A length of time, at least 0 and a whole number of milliseconds, at most 10,000 days.
 */
export class Duration {
  /** `amount` milliseconds. */
  public static millis(amount: number): Duration {
    return new Duration(amount, "milliseconds");
  }

  /** `amount` seconds; fractions down to a millisecond are allowed. */
  public static seconds(amount: number): Duration {
    return new Duration(amount, "seconds");
  }

  /** `amount` minutes; fractions down to a millisecond are allowed. */
  public static minutes(amount: number): Duration {
    return new Duration(amount, "minutes");
  }

  /** `amount` hours; fractions down to a millisecond are allowed. */
  public static hours(amount: number): Duration {
    return new Duration(amount, "hours");
  }

  /** `amount` days of 24 hours; fractions down to a millisecond are allowed. */
  public static days(amount: number): Duration {
    return new Duration(amount, "days");
  }

  private readonly millis: number;

  private constructor(amount: number, unit: keyof typeof MILLIS) {
    const millis = typeof amount === "number" ? wholeIfMeant(amount * MILLIS[unit]) : NaN;
    if (!Number.isInteger(millis) || millis < 0 || millis > 10_000 * MILLIS.days) {
      refuse({
        property: `Duration.${unit === "milliseconds" ? "millis" : unit}`,
        value: amount,
        allowed: "a number from 0 to 10,000 days that is a whole number of milliseconds",
        remedy: "give a plain number in that range",
      });
    }
    this.millis = millis;
  }

  /** This length of time in milliseconds. */
  public toMilliseconds(): number {
    return this.millis;
  }

  /** This length of time in seconds, with a fraction where it has one. */
  public toSeconds(): number {
    return this.millis / MILLIS.seconds;
  }

  /** As Flink's configuration writes it: the largest unit that gives a whole number, such as `10 s` or `1500 ms`. */
  public toString(): string {
    for (const [unit, millis] of [
      ["d", MILLIS.days],
      ["h", MILLIS.hours],
      ["min", MILLIS.minutes],
      ["s", MILLIS.seconds],
    ] as const) {
      if (this.millis > 0 && this.millis % millis === 0) return `${this.millis / millis} ${unit}`;
    }
    return `${this.millis} ms`;
  }
}

/** Without what fractions of larger units leave, such as 0.1 d; whole numbers stay what they are, however large. */
function wholeIfMeant(millis: number): number {
  return Number.isInteger(millis) ? millis : Math.round(millis * 1e6) / 1e6;
}
