/** Days as JavaScript counts them. */
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

export type WindowDay = (typeof DAYS)[number];

/** The hours in which the nodes of a cluster may begin to take a change over, in UTC. */
export interface MaintenanceWindowSpec {
  /** Absent: every day. */
  readonly day?: WindowDay;
  /** Minutes from midnight to its beginning, 0 to 1439. */
  readonly startMinute: number;
  /** Whole minutes, 30 to 1440: it may end on the next day. */
  readonly durationMinutes: number;
}

export const SHORTEST_WINDOW_MINUTES = 30;
export const LONGEST_WINDOW_MINUTES = 1_440;
const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = LONGEST_WINDOW_MINUTES * MINUTE_MILLIS;

/** When the window opens next; nothing while it is open. */
export function opensAt({ day, startMinute, durationMinutes }: MaintenanceWindowSpec, now: Date): Date | undefined {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  // One that began yesterday may not be over; one of this weekday may be, and come again in a week.
  for (let ahead = -1; ahead <= 7; ahead++) {
    const date = new Date(midnight + ahead * DAY_MILLIS);
    if (day !== undefined && DAYS[date.getUTCDay()] !== day) continue;
    const begins = date.getTime() + startMinute * MINUTE_MILLIS;
    if (now.getTime() >= begins + durationMinutes * MINUTE_MILLIS) continue;
    return now.getTime() >= begins ? undefined : new Date(begins);
  }
  throw new Error("a maintenance window that never opens");
}

/** Whether this is one, as another release may have written it. */
export function isMaintenanceWindow(found: unknown): found is MaintenanceWindowSpec {
  if (typeof found !== "object" || found === null) return false;
  const { day, startMinute, durationMinutes } = found as Partial<MaintenanceWindowSpec>;
  return (
    (day === undefined || DAYS.includes(day)) &&
    isWithin(startMinute, 0, LONGEST_WINDOW_MINUTES - 1) &&
    isWithin(durationMinutes, SHORTEST_WINDOW_MINUTES, LONGEST_WINDOW_MINUTES)
  );
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
