import { EChartsOption, init, setPlatformAPI } from "echarts";
import { FONT_FAMILY, widthOf } from "./text";

export interface Room {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** A chart as SVG, with ids that begin with a name of its own: several of them stand in one picture. */
export function drawChart(name: string, option: EChartsOption, { width, height }: Room): string {
  setPlatformAPI({ measureText: (text, font) => ({ width: widthOf(text, { size: sizeIn(font) }) }) });
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT_FAMILY }, ...option });
    return chart.renderToSVGString().replace(/\bzr\d+-/g, `${name}-`);
  } finally {
    chart.dispose();
  }
}

/** Of a font as CSS writes it. */
function sizeIn(font = ""): number {
  return Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
}
