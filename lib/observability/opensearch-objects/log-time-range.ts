import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";

/** A span of time, as OpenSearch writes one. */
export interface LogTimeRange {
  /**
   * Its begin: `now`, with a difference such as `now-24h` (units `s`, `m`, `h`, `d`, `w`, `M`, `y`) and rounded down such as
   * `now-1d/d`, or a moment such as `2026-11-29T12:00:00Z`.
   */
  readonly from: string;
  /**
   * Its end, in the same way.
   *
   * @default now
   */
  readonly to?: string;
}

const RANGE: OptionNames<LogTimeRange> = { from: true, to: true };
const RELATIVE = /^now(?:-[1-9]\d{0,5}[smhdwMy])?(?:\/[smhdwMy])?$/;
const ABSOLUTE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)?$/;

/** Refuses what is no moment. */
export function requireMoment(property: string, value: unknown): asserts value is string {
  if (typeof value === "string") {
    if (RELATIVE.test(value)) return;
    if (ABSOLUTE.test(value) && !Number.isNaN(Date.parse(value))) return;
  }
  refuse({
    property,
    value,
    allowed: "now, a time before it such as now-24h or now-1d/d, or a moment such as 2026-11-29T12:00:00Z",
    remedy: `set ${property} to such a text`,
  });
}

/** The span as a condition on the time of lines. */
export function within(property: string, timeRange: LogTimeRange): object {
  requireOptionsOf(property, timeRange, RANGE, '{ from: "now-24h" }');
  const to = timeRange.to ?? "now";
  requireMoment(`from of ${property}`, timeRange.from);
  requireMoment(`to of ${property}`, to);
  return { gte: timeRange.from, lte: to };
}
