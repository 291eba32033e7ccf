import type { EChartsOption, LineSeriesOption } from "echarts";
import { drawChart, Room } from "./chart";
import { colourOf, COLOURS } from "./colours";
import { areWhole } from "./draw-bars";
import { drawLegendTable, layOut } from "./legend-table";
import type { Curve, CurvesContent, Scale } from "./picture";
import { moved } from "./svg";
import { widthOf } from "./text";
import { AXIS_TEXT, timeAxis } from "./time-axis";

const MARGIN = { top: 10, right: 20, bottom: 28 };
const GAP = 12;
/** Part of the height that the names of lines may take. */
const LEGEND = 0.4;
/** A limit is shown where lines come near it: beyond, it would press them down. */
const NEAR = 1.5;

/** Lines along the time, and below them their names with what their numbers come to. */
export function drawCurves(id: string, content: CurvesContent, { width, height }: Room): string {
  const { curves, stacked, scale, format } = content;
  const legend = layOut(content, { width: width - 2 * GAP, height: height * LEGEND });
  const chart = { width, height: height - legend.height - GAP };
  const highest = greatest(content);
  const labelWidth = Math.max(...[0, highest / 3, highest].map((value) => widthOf(format(value), { size: 12 })));
  const axis = timeAxis(content);
  const option: EChartsOption = {
    useUTC: true,
    grid: { ...MARGIN, left: labelWidth + 26 },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, margin: 10 } },
    yAxis: {
      ...{ type: "value", splitNumber: 4, ...axisOf(scale, highest) },
      // Without it, a line that is always 0 would have a scale of parts of one.
      minInterval: areWhole(curves) ? 1 : undefined,
      axisLabel: { ...AXIS_TEXT, formatter: format },
      splitLine: { lineStyle: { color: COLOURS.grid } },
    },
    series: [...curves.map((curve, index) => lineOf(curve, colourOf(index), stacked)), limitsOf(content, highest)],
  };
  return [drawChart(id, option, chart), moved(GAP, chart.height, drawLegendTable(content, legend))].join("");
}

/** Where steps are given, up to the first that no line is above. */
function axisOf({ min, max, step }: Scale, highest: number): { min?: number; max?: number; interval?: number } {
  return step === undefined ? { min, max } : { min, max: max ?? Math.ceil(highest / step) * step, interval: step };
}

/** There is no line where there is no number. */
function lineOf({ name, points }: Curve, color: string, stacked: boolean): LineSeriesOption {
  return {
    ...{ type: "line", silent: true, symbol: "none", name, stack: stacked ? "all" : undefined },
    data: points.map(([time, value]) => [time, value]),
    lineStyle: { width: 1.5, color },
    areaStyle: { color, opacity: stacked ? 0.3 : 0.06 },
  };
}

function limitsOf({ limits, scale }: CurvesContent, highest: number): LineSeriesOption {
  const end = scale.max ?? NEAR * highest;
  return {
    ...{ type: "line", data: [] },
    markLine: {
      ...{ silent: true, symbol: "none", label: { show: false } },
      data: limits
        .filter(({ value }) => value <= end)
        .map(({ value, colour }) => ({ yAxis: value, lineStyle: { color: colour, type: "dashed" } })),
    },
  };
}

function greatest({ curves, stacked, scale }: CurvesContent): number {
  const atEach = new Map<number, number>();
  for (const [time, value] of curves.flatMap(({ points }) => points)) {
    const [there, more] = [atEach.get(time) ?? 0, value ?? 0];
    atEach.set(time, stacked ? there + more : Math.max(there, more));
  }
  return Math.max(scale.max ?? 0, ...atEach.values());
}
