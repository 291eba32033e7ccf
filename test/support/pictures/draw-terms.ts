import type { EChartsOption } from "echarts";
import { drawChart, Room } from "./chart";
import { COLOURS, SERIES_COLOURS } from "./colours";
import { plainNumber, TermsContent } from "./picture";
import { shortened, widthOf } from "./text";

const STYLE = { size: 12 };
const AXIS_TEXT = { fontSize: STYLE.size, color: COLOURS.quiet };
const TEXT = { fontSize: STYLE.size, color: COLOURS.text };

/** Bars one below the other, with their names at the left and their numbers at the right. */
export function drawTerms(id: string, content: TermsContent, { width, height }: Room): string {
  const { terms, label, format = plainNumber } = content;
  const nameWidth = Math.min(width * 0.5, Math.max(...terms.map(({ name }) => widthOf(name, STYLE))));
  const numberWidth = Math.max(...terms.map(({ value }) => widthOf(format(value), STYLE)));
  const isWhole = terms.every(({ value }) => Number.isInteger(value));
  const option: EChartsOption = {
    grid: { left: nameWidth + 20, right: numberWidth + 22, top: 4, bottom: 42 },
    xAxis: {
      type: "value",
      min: 0,
      splitNumber: 3,
      minInterval: isWhole ? 1 : undefined,
      name: label,
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: AXIS_TEXT,
      axisLabel: { ...AXIS_TEXT, formatter: format },
      splitLine: { lineStyle: { color: COLOURS.grid } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: terms.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLOURS.border } },
      axisLabel: { ...TEXT, interval: 0, margin: 8, formatter: (name: string) => shortened(name, nameWidth, STYLE) },
    },
    series: {
      type: "bar",
      silent: true,
      barWidth: "65%",
      barMaxWidth: 22,
      itemStyle: { color: SERIES_COLOURS[0] },
      data: terms.map(({ value }) => value),
      label: { ...TEXT, show: true, position: "right", formatter: ({ dataIndex }) => format(terms[dataIndex].value) },
    },
  };
  return drawChart(id, option, { width, height });
}
