import { Duration } from "../core/duration";
import { refuse, requireInstance } from "../core/validation";

/** Days that CloudWatch Logs offers, from one year on (API reference, `PutRetentionPolicy`). */
const RETENTION_DAYS = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The retention in days; refuses what CloudWatch Logs does not offer and what is below one year. */
export function requireRetentionDays(property: string, retention: Duration): number {
  requireInstance(property, retention, Duration, "Duration.days(365)");
  const days = retention.toSeconds() / 86_400;
  if (!RETENTION_DAYS.includes(days)) {
    refuse({
      property,
      value: retention,
      allowed: `one of ${RETENTION_DAYS.join(", ")} days`,
      remedy: `use for example Duration.days(${RETENTION_DAYS.find((offered) => offered >= days) ?? 3653})`,
    });
  }
  return days;
}
