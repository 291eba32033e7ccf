import type { BarSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { drawChart, Room } from "./chart";
import { colourOf, COLOURS } from "./colours";
import { drawLegend, legendWidth } from "./legend";
import { plainNumber, Series, SeriesContent } from "./picture";
import { moved } from "./svg";
import { widthOf } from "./text";

const SIZE = 12;
const MARGIN = { top: 10, right: 12, bottom: 42 };
const AXIS_TEXT = { fontSize: SIZE, color: COLOURS.quiet };
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Part of its time that a bar fills. */
const BAR = 0.85;

/** Numbers along the time, with the names of what they are of at the right. */
export function drawSeries(id: string, content: SeriesContent, { width, height }: Room): string {
  const { from, to, step, look, label, series, format = plainNumber } = content;
  const names = series.map(({ name }) => name);
  const legend = { width: legendWidth(names, width * 0.3), height };
  const chart = { width: width - legend.width, height };
  const labelWidth = widthOf(format(greatest(content)), { size: SIZE });
  const left = labelWidth + SIZE + 22;
  const barWidth = Math.max(1, ((chart.width - left - MARGIN.right) * step * BAR) / (to - from));
  const option: EChartsOption = {
    useUTC: true,
    grid: { ...MARGIN, left },
    xAxis: {
      type: "time",
      min: from,
      max: to,
      name: look === "bars" ? `UTC, per ${inWords(step)}` : "UTC",
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: AXIS_TEXT,
      axisLabel: { ...AXIS_TEXT, hideOverlap: true, formatter: clock(to - from) },
      axisLine: { lineStyle: { color: COLOURS.border } },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      min: 0,
      splitNumber: 4,
      minInterval: areWhole(series) ? 1 : undefined,
      name: label,
      nameLocation: "middle",
      nameGap: labelWidth + 16,
      nameTextStyle: AXIS_TEXT,
      axisLabel: { ...AXIS_TEXT, formatter: format },
      splitLine: { lineStyle: { color: COLOURS.grid } },
    },
    series: series.map((one, index) =>
      look === "bars" ? barsOf(one, colourOf(index), step, barWidth) : lineOf(one, colourOf(index)),
    ),
  };
  return [drawChart(id, option, chart), moved(chart.width, 0, drawLegend(names, legend))].join("");
}

/** A bar stands in the middle of its time. */
function barsOf({ name, points }: Series, color: string, step: number, barWidth: number): BarSeriesOption {
  const data = points.map(([time, value]) => [time + step / 2, value ?? 0]);
  return { type: "bar", stack: "all", silent: true, name, barWidth, data, itemStyle: { color } };
}

function lineOf({ name, points }: Series, color: string): LineSeriesOption {
  const data = points.map(([time, value]) => [time, value]);
  return { type: "line", showSymbol: false, silent: true, name, data, lineStyle: { width: 1.5, color } };
}

function greatest({ look, series }: SeriesContent): number {
  const atEach = new Map<number, number>();
  for (const [time, value] of series.flatMap(({ points }) => points)) {
    const [there, more] = [atEach.get(time) ?? 0, value ?? 0];
    atEach.set(time, look === "bars" ? there + more : Math.max(there, more));
  }
  return Math.max(...atEach.values());
}

function areWhole(series: readonly Series[]): boolean {
  return series.every(({ points }) => points.every(([, value]) => Number.isInteger(value ?? 0)));
}

/** Days of a long time, else hours and minutes, and of a short time seconds. */
function clock(span: number): (time: number) => string {
  const [from, to] = span > 2 * DAY ? [5, 10] : span > 10 * MINUTE ? [11, 16] : [11, 19];
  return (time) => new Date(time).toISOString().slice(from, to);
}

function inWords(millis: number): string {
  const [unit, length] =
    millis % HOUR === 0 ? ["hour", HOUR] : millis % MINUTE === 0 ? ["minute", MINUTE] : ["second", SECOND];
  const count = millis / Number(length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
