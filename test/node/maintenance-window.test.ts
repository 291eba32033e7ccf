import { isMaintenanceWindow, type MaintenanceWindowSpec, opensAt } from "../../lib/node/maintenance-window";

/** In the week of Sunday, 6 December 2026. */
const at = (time: string) => new Date(`2026-12-${time}:00.000Z`);
const SUNDAY: MaintenanceWindowSpec = { day: "sunday", startMinute: 120, durationMinutes: 180 };
const LATE_SATURDAY: MaintenanceWindowSpec = { day: "saturday", startMinute: 23 * 60, durationMinutes: 120 };
const NIGHTLY: MaintenanceWindowSpec = { startMinute: 22 * 60 + 30, durationMinutes: 240 };
const ALWAYS: MaintenanceWindowSpec = { startMinute: 720, durationMinutes: 1440 };

test.each<[string, MaintenanceWindowSpec, string, string | undefined]>([
  ["before it", SUNDAY, "06T01:59", "06T02:00"],
  ["days before it", SUNDAY, "01T12:00", "06T02:00"],
  ["as it opens", SUNDAY, "06T02:00", undefined],
  ["within it", SUNDAY, "06T04:59", undefined],
  ["as it closes", SUNDAY, "06T05:00", "13T02:00"],
  ["before one that goes over midnight", LATE_SATURDAY, "05T22:59", "05T23:00"],
  ["within it, on the next day", LATE_SATURDAY, "06T00:59", undefined],
  ["after it", LATE_SATURDAY, "06T01:00", "12T23:00"],
  ["every day, after it", NIGHTLY, "02T02:30", "02T22:30"],
  ["every day, on the next day", NIGHTLY, "02T02:29", undefined],
  ["every day, all day", ALWAYS, "02T11:59", undefined],
  ["every day, all day, as it begins anew", ALWAYS, "02T12:00", undefined],
])("%s", (_, window, now, opens) => {
  expect(opensAt(window, at(now))).toEqual(opens === undefined ? undefined : at(opens));
});

test("a window of each day opens on that day, whatever day it is", () => {
  const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
  const opened = days.map((day) => opensAt({ ...SUNDAY, day }, at("06T05:00"))!.getUTCDay());
  expect(opened).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a text", "sun:02:00-sun:05:00"],
  ["an unknown day", { ...SUNDAY, day: "Sunday" }],
  ["a start before midnight", { ...SUNDAY, startMinute: -1 }],
  ["a start after the day", { ...SUNDAY, startMinute: 1440 }],
  ["a start between minutes", { ...SUNDAY, startMinute: 0.5 }],
  ["no start", { day: "sunday", durationMinutes: 60 }],
  ["no duration", { day: "sunday", startMinute: 60 }],
  ["one that is too short", { ...SUNDAY, durationMinutes: 29 }],
  ["one that is too long", { ...SUNDAY, durationMinutes: 1441 }],
])("%s is no window", (_, found) => {
  expect(isMaintenanceWindow(found)).toBe(false);
});

test.each([SUNDAY, LATE_SATURDAY, NIGHTLY, ALWAYS])("%j is one", (window) => {
  expect(isMaintenanceWindow(window)).toBe(true);
});
