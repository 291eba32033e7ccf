import type { Room } from "./chart";
import { colourOf, COLOURS } from "./colours";
import { element, textAt } from "./svg";
import { shortened, widthOf } from "./text";

const STYLE = { size: 12 };
const ROW = 20;
const DOT = 18;
const MARGIN = 12;

/** As wide as its names, but no wider than there is room. */
export function legendWidth(names: readonly string[], most: number): number {
  return Math.min(most, DOT + MARGIN + Math.max(...names.map((name) => widthOf(name, STYLE))));
}

/** Which colour is whose, one below the other. */
export function drawLegend(names: readonly string[], { width, height }: Room): string {
  const rows = Math.floor(height / ROW) - 1;
  const shown = names.length > rows ? names.slice(0, rows - 1) : names;
  const left = names.length - shown.length;
  const texts = [...shown, ...(left > 0 ? [`and ${left} more`] : [])];
  return texts
    .map((text, index) => {
      const y = 20 + index * ROW;
      const name = shortened(text, width - DOT - MARGIN, STYLE);
      const dot = element("circle", { cx: 6, cy: y - 4, r: 5, fill: colourOf(index) });
      return `${index < shown.length ? dot : ""}${textAt(name, { x: DOT, y }, { ...STYLE, colour: COLOURS.text })}`;
    })
    .join("");
}
