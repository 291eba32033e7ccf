import { Duration } from "../core/duration";
import { refuse, requireInstance } from "../core/validation";

/** Days that CloudWatch Logs offers (API reference, `PutRetentionPolicy`): below one year, and from there on. */
const SHORT_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180];
const RETENTION_DAYS = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The retention in days; refuses what CloudWatch Logs does not offer and what is below one year. */
export function requireRetentionDays(property: string, retention: Duration): number {
  return requireOneOf(RETENTION_DAYS, property, retention);
}

/** The same where less than one year is the user's to choose. */
export function requireAnyRetentionDays(property: string, retention: Duration): number {
  return requireOneOf([...SHORT_RETENTION_DAYS, ...RETENTION_DAYS], property, retention);
}

function requireOneOf(offers: readonly number[], property: string, retention: Duration): number {
  requireInstance(property, retention, Duration, "Duration.days(365)");
  const days = retention.toSeconds() / 86_400;
  if (!offers.includes(days)) {
    refuse({
      property,
      value: retention,
      allowed: `one of ${offers.join(", ")} days`,
      remedy: `use for example Duration.days(${offers.find((offered) => offered >= days) ?? 3653})`,
    });
  }
  return days;
}
