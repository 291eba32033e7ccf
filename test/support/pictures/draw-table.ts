import type { Room } from "./chart";
import { COLOURS } from "./colours";
import { plainNumber, TableCell, TableContent } from "./picture";
import { element, textAt } from "./svg";
import { shortened, TextStyle, widthOf } from "./text";

const CELL: TextStyle = { size: 12 };
const HEAD: TextStyle = { size: 12, bold: true };
const ROW = 24;
const PADDING = 12;

/** As many rows as there is room for, and below them how many there are. */
export function drawTable({ columns, rows, total }: TableContent, { width, height }: Room): string {
  const shown = rows.slice(0, Math.floor(height / ROW) - 2);
  const texts = columns.map(({ name }, column) => [
    widthOf(name, HEAD),
    ...shown.map((row) => widthOf(textOf(row[column]), CELL)),
  ]);
  const widths = shared(
    texts.map((ones) => Math.max(...ones) + 2 * PADDING),
    width,
  );
  const lineOf = (cells: readonly TableCell[], y: number, style: TextStyle): string =>
    cells
      .map((cell, column) => {
        const left = sum(widths.slice(0, column));
        const isRight = columns[column].align === "right";
        const x = isRight ? left + widths[column] - PADDING : left + PADDING;
        const text = shortened(textOf(cell), widths[column] - 2 * PADDING, style);
        return textAt(text, { x, y: y + 16, anchor: isRight ? "end" : "start" }, { ...style, colour: colourIn(cell) });
      })
      .join("");
  const under = (y: number) =>
    element("path", { d: `M0 ${y}H${width}`, stroke: COLOURS.grid, "stroke-width": 1, fill: "none" });
  const below = ROW * (shown.length + 1);
  const told = total === shown.length ? plural(total) : `the first ${shown.length} of ${plural(total)}`;
  return [
    ...[
      lineOf(
        columns.map(({ name }) => name),
        0,
        HEAD,
      ),
      under(ROW),
    ],
    ...shown.flatMap((row, index) => [lineOf(row, ROW * (index + 1), CELL), under(ROW * (index + 2))]),
    textAt(told, { x: PADDING, y: below + 17 }, { ...CELL, colour: COLOURS.quiet }),
  ].join("");
}

/**
 * Columns get what they need; where that is too much, the widest give, and where room is left, all get as much more. The
 * last one, which is what lines say, counts for two.
 */
function shared(needed: readonly number[], room: number): number[] {
  const left = room - sum(needed);
  if (left >= 0) return needed.map((each) => each + left / needed.length);
  const parts = needed.map((_, column) => (column === needed.length - 1 ? 2 : 1));
  const [fromNarrowest, widths] = [
    [...needed.keys()].sort((a, b) => needed[a] / parts[a] - needed[b] / parts[b]),
    [...needed],
  ];
  let [rest, shares] = [room, sum(parts)];
  for (const column of fromNarrowest) {
    widths[column] = Math.min(needed[column], (rest * parts[column]) / shares);
    rest -= widths[column];
    shares -= parts[column];
  }
  return widths;
}

function textOf(cell: TableCell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function colourIn(cell: TableCell): string {
  return typeof cell === "string" ? COLOURS.text : cell.colour;
}

function plural(count: number): string {
  return count === 1 ? "1 row" : `${plainNumber(count)} rows`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
