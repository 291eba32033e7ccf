import { Duration } from "../core/duration";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../core/validation";
import {
  LONGEST_WINDOW_MINUTES,
  MaintenanceWindowSpec,
  SHORTEST_WINDOW_MINUTES,
  WindowDay,
} from "../node/maintenance-window";
import { requireDuration } from "../settings/ranges";

/** Day of the week, in UTC. */
export enum DayOfWeek {
  /** Monday. */
  MONDAY = "monday",
  /** Tuesday. */
  TUESDAY = "tuesday",
  /** Wednesday. */
  WEDNESDAY = "wednesday",
  /** Thursday. */
  THURSDAY = "thursday",
  /** Friday. */
  FRIDAY = "friday",
  /** Saturday. */
  SATURDAY = "saturday",
  /** Sunday. */
  SUNDAY = "sunday",
}

/** Options of `MaintenanceWindow.daily`. */
export interface DailyWindowOptions {
  /** When it opens, in UTC: hours and minutes of a day, from `00:00` to `23:59`. */
  readonly start: string;
  /**
   * For how long it is open: 30 minutes to 24 hours, in whole minutes. Nodes begin one after the other within it, each some
   * minutes after the one before; the last one that has begun ends also after it.
   */
  readonly duration: Duration;
}

/** Options of `MaintenanceWindow.weekly`. */
export interface WeeklyWindowOptions {
  /** On which day it opens, in UTC; one that opens late in the evening may end on the next day. */
  readonly day: DayOfWeek;
  /** When it opens, as in `DailyWindowOptions`. */
  readonly start: string;
  /** For how long it is open, as in `DailyWindowOptions`. */
  readonly duration: Duration;
}

const DAILY: OptionNames<DailyWindowOptions> = { start: true, duration: true };
const WEEKLY: OptionNames<WeeklyWindowOptions> = { day: true, ...DAILY };
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const MINUTE_MILLIS = 60_000;

/** The hours in which the nodes of a cluster may begin to take changes over. */
export class MaintenanceWindow {
  /**
   * Once a week, such as `MaintenanceWindow.weekly({ day: DayOfWeek.SUNDAY, start: "02:00", duration: Duration.hours(3) })`.
   *
   * @param options when it opens, and for how long; a day that is no `DayOfWeek`, a time that is none, and a duration
   * out of its range are refused
   */
  public static weekly(options: WeeklyWindowOptions): MaintenanceWindow {
    const example = '{ day: DayOfWeek.SUNDAY, start: "02:00", duration: Duration.hours(3) }';
    requireOptionsOf("the argument of MaintenanceWindow.weekly", options, WEEKLY, example);
    requireDay("day", options.day);
    return new MaintenanceWindow({ day: options.day, ...timesOf(options) });
  }

  /**
   * Every day, such as `MaintenanceWindow.daily({ start: "02:00", duration: Duration.hours(3) })`.
   *
   * @param options when it opens, and for how long; a time that is none, and a duration out of its range are refused
   */
  public static daily(options: DailyWindowOptions): MaintenanceWindow {
    const example = '{ start: "02:00", duration: Duration.hours(3) }';
    requireOptionsOf("the argument of MaintenanceWindow.daily", options, DAILY, example);
    return new MaintenanceWindow(timesOf(options));
  }

  /**
   * As the nodes are told.
   *
   * @internal
   */
  public readonly _spec: MaintenanceWindowSpec;

  private constructor(spec: MaintenanceWindowSpec) {
    this._spec = spec;
  }
}

function timesOf({ start, duration }: DailyWindowOptions): Omit<MaintenanceWindowSpec, "day"> {
  requireText("start", start, TIME, 'hours and minutes in UTC, from "00:00" to "23:59", such as "02:00"');
  const [hours, minutes] = start.split(":").map(Number);
  const shortest = Duration.minutes(SHORTEST_WINDOW_MINUTES);
  requireDuration("duration", duration, shortest, Duration.minutes(LONGEST_WINDOW_MINUTES));
  const durationMinutes = duration.toMilliseconds() / MINUTE_MILLIS;
  if (!Number.isInteger(durationMinutes)) {
    refuse({
      property: "duration",
      value: duration,
      allowed: "a whole number of minutes",
      remedy: `use Duration.minutes(${Math.ceil(durationMinutes)})`,
    });
  }
  return { startMinute: hours * 60 + minutes, durationMinutes };
}

function requireDay(property: string, day: unknown): asserts day is WindowDay {
  if (Object.values(DayOfWeek).includes(day as DayOfWeek)) return;
  const names = Object.keys(DayOfWeek).map((name) => `DayOfWeek.${name}`);
  refuse({
    property,
    value: day,
    allowed: `one of ${names.join(", ")}`,
    remedy: "use one of them, or MaintenanceWindow.daily for all",
  });
}
