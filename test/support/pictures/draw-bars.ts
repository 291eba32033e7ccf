import type { BarSeriesOption, EChartsOption } from "echarts";
import { drawChart, Room } from "./chart";
import { colourOf, COLOURS } from "./colours";
import { drawLegend, legendWidth } from "./legend";
import { BarsContent, plainNumber, Series } from "./picture";
import { moved } from "./svg";
import { widthOf } from "./text";
import { AXIS_TEXT, inWords, timeAxis } from "./time-axis";

const MARGIN = { top: 10, right: 12, bottom: 42 };
/** Part of its time that a bar fills. */
const BAR = 0.85;

/** Bars along the time, with the names of what they are of at the right. */
export function drawBars(id: string, content: BarsContent, { width, height }: Room): string {
  const { from, to, step, label, series, format = plainNumber } = content;
  const names = series.map(({ name }) => name);
  const legend = { width: legendWidth(names, width * 0.3), height };
  const chart = { width: width - legend.width, height };
  const labelWidth = widthOf(format(greatest(series)), { size: AXIS_TEXT.fontSize });
  const left = labelWidth + AXIS_TEXT.fontSize + 22;
  const barWidth = Math.max(1, ((chart.width - left - MARGIN.right) * step * BAR) / (to - from));
  const option: EChartsOption = {
    useUTC: true,
    grid: { ...MARGIN, left },
    xAxis: {
      ...timeAxis(content),
      name: `UTC, per ${inWords(step)}`,
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: AXIS_TEXT,
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
    series: series.map((one, index) => barsOf(one, colourOf(index), step, barWidth)),
  };
  return [drawChart(id, option, chart), moved(chart.width, 0, drawLegend(names, legend))].join("");
}

/** A bar stands in the middle of its time. */
function barsOf({ name, points }: Series, color: string, step: number, barWidth: number): BarSeriesOption {
  const data = points.map(([time, value]) => [time + step / 2, value ?? 0]);
  return { type: "bar", stack: "all", silent: true, name, barWidth, data, itemStyle: { color } };
}

/** Of all bars that stand on one another. */
function greatest(series: readonly Series[]): number {
  const atEach = new Map<number, number>();
  for (const [time, value] of series.flatMap(({ points }) => points)) {
    atEach.set(time, (atEach.get(time) ?? 0) + (value ?? 0));
  }
  return Math.max(...atEach.values());
}

export function areWhole(series: readonly Series[]): boolean {
  return series.every(({ points }) => points.every(([, value]) => Number.isInteger(value ?? 0)));
}
