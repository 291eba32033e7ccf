import { LINES } from "./aggregation";

/** How a chart of bars looks: upright along the time, or lying one below the other. */
export function barChart(direction: "upright" | "lying", label: string): object {
  const isUpright = direction === "upright";
  return {
    type: "histogram",
    grid: { categoryLines: false },
    categoryAxes: [
      {
        id: "CategoryAxis-1",
        type: "category",
        position: isUpright ? "bottom" : "left",
        show: true,
        style: {},
        scale: { type: "linear" },
        labels: { show: true, rotate: 0, filter: isUpright, truncate: 200 },
        title: {},
      },
    ],
    valueAxes: [
      {
        id: "ValueAxis-1",
        name: isUpright ? "LeftAxis-1" : "BottomAxis-1",
        type: "value",
        position: isUpright ? "left" : "bottom",
        show: true,
        style: {},
        scale: { type: "linear", mode: "normal" },
        labels: { show: true, rotate: 0, filter: !isUpright, truncate: 100 },
        title: { text: label },
      },
    ],
    seriesParams: [
      {
        show: true,
        type: "histogram",
        mode: isUpright ? "stacked" : "normal",
        data: { label, id: LINES },
        valueAxis: "ValueAxis-1",
        drawLinesBetweenPoints: true,
        lineWidth: 2,
        showCircles: true,
      },
    ],
    addTooltip: true,
    addLegend: isUpright,
    legendPosition: "right",
    times: [],
    addTimeMarker: false,
    labels: { show: false },
    thresholdLine: { show: false, value: 10, width: 1, style: "full", color: "#E7664C" },
  };
}
