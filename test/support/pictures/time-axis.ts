import type { XAXisComponentOption } from "echarts";
import { COLOURS } from "./colours";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of axes of all charts. */
export const AXIS_TEXT = { fontSize: 12, color: COLOURS.quiet };

/** Ends of an axis of time, in milliseconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Of the axes that the library knows, that of time: others name their values in other ways. */
type TimeAxis = Extract<XAXisComponentOption, { readonly type?: "time" }>;

export function timeAxis({ from, to }: TimeRange): TimeAxis {
  return {
    type: "time",
    min: from,
    max: to,
    axisLabel: { ...AXIS_TEXT, hideOverlap: true, formatter: clock(to - from) },
    axisLine: { lineStyle: { color: COLOURS.border } },
    splitLine: { show: false },
  };
}

export function inWords(millis: number): string {
  const [unit, length] =
    millis % HOUR === 0 ? ["hour", HOUR] : millis % MINUTE === 0 ? ["minute", MINUTE] : ["second", SECOND];
  const count = millis / Number(length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Days of a long time, else hours and minutes, and of a short time seconds. */
function clock(span: number): (time: number) => string {
  const [from, to] = span > 2 * DAY ? [5, 10] : span > 10 * MINUTE ? [11, 16] : [11, 19];
  return (time) => new Date(time).toISOString().slice(from, to);
}
