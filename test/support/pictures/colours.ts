/** Those of OpenSearch Dashboards: told apart by the colour-blind as well. */
export const SERIES_COLOURS = [
  ...["#54B399", "#6092C0", "#D36086", "#9170B8", "#CA8EAE"],
  ...["#D6BF57", "#B9A888", "#DA8B45", "#AA6556", "#E7664C"],
];
export const COLOURS = {
  page: "#F5F7FA",
  panel: "#FFFFFF",
  border: "#D3DAE6",
  stripe: "#F7F9FC",
  text: "#343741",
  quiet: "#69707D",
  grid: "#E6EBF2",
};

export function colourOf(index: number): string {
  return SERIES_COLOURS[index % SERIES_COLOURS.length];
}
