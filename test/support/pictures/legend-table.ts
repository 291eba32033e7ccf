import type { Room } from "./chart";
import { colourOf, COLOURS } from "./colours";
import type { CurvesContent } from "./picture";
import { element, moved, textAt } from "./svg";
import { shortened, widthOf } from "./text";

const STYLE = { size: 11.5 };
const ROW = 17;
const DOT = 16;
const GAP = 10;
/** Between two columns of names. */
const BETWEEN = 20;

/** How many names there are room for, and how high they are. */
export interface LegendLayout extends Room {
  readonly columns: number;
  /** Of each column, below its head. */
  readonly rows: number;
}

/** In one column, or in two where one is not enough. */
export function layOut({ curves }: CurvesContent, { width, height }: Room): LegendLayout {
  const most = Math.floor(height / ROW) - 1;
  const columns = curves.length > most ? 2 : 1;
  const rows = Math.min(most, Math.ceil(curves.length / columns));
  return { columns, rows, width, height: ROW * (rows + 1) };
}

/** Which colour is whose, and what its numbers come to. */
export function drawLegendTable(content: CurvesContent, { columns, rows, width }: LegendLayout): string {
  const { curves, sums } = content;
  const room = columns * rows;
  const shown = curves.length > room ? room - 1 : curves.length;
  const columnWidth = (width - (columns - 1) * BETWEEN) / columns;
  const widths = sums.map((name, at) => GAP + Math.max(...[name, ...curves.map((one) => one.sums[at])].map(wide)));
  const nameWidth = columnWidth - DOT - widths.reduce((sum, each) => sum + each, 0);
  const lineOf = (name: string, values: readonly string[], y: number, colour: string): string =>
    [
      textAt(shortened(name, nameWidth, STYLE), { x: DOT, y }, { ...STYLE, colour }),
      ...values.map((value, at) => {
        const right = widths.slice(at + 1).reduce((sum, each) => sum + each, 0);
        return textAt(value, { x: columnWidth - right, y, anchor: "end" }, { ...STYLE, colour });
      }),
    ].join("");
  const columnOf = (column: number): string => {
    const ones = [...curves.keys()].slice(column * rows, Math.min((column + 1) * rows, shown));
    const lines = ones.map((index, row) => {
      const y = ROW * (row + 2) - 5;
      const dot = element("rect", { x: 0, y: y - 6, width: 11, height: 4, rx: 2, fill: colourOf(index) });
      return dot + lineOf(curves[index].name, curves[index].sums, y, COLOURS.text);
    });
    return [lineOf("Name", sums, ROW - 5, COLOURS.quiet), ...lines].join("");
  };
  const left = curves.length - shown;
  const more = { x: width - columnWidth + DOT, y: ROW * (rows + 1) - 5 };
  return [
    ...Array.from({ length: columns }, (_, column) => moved(column * (columnWidth + BETWEEN), 0, columnOf(column))),
    left > 0 ? textAt(`and ${left} more`, more, { ...STYLE, colour: COLOURS.quiet }) : "",
  ].join("");
}

function wide(text: string): number {
  return widthOf(text, STYLE);
}
