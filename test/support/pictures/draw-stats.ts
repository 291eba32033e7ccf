import type { Room } from "./chart";
import { COLOURS } from "./colours";
import type { Stat, StatsContent } from "./picture";
import { element, moved, textAt } from "./svg";
import { shortened, widthOf } from "./text";
import type { TimeRange } from "./time-axis";

const GAP = 8;
const PADDING = 12;
/** So much wider than high, a name stands beside its number. */
const WIDE = 3;
const NAME = { size: 13 };
const [LARGEST, SMALLEST] = [44, 13];
/** Part of the height below a number that shows how it came to that. */
const TRACE = 0.3;

/** Numbers side by side where there is more width than height, else one below the other. */
export function drawStats({ stats, ...range }: StatsContent, { width, height }: Room): string {
  const beside = width > 2 * height;
  const count = stats.length;
  const cell = {
    width: beside ? (width - 2 * PADDING - GAP * (count - 1)) / count : width - 2 * PADDING,
    height: beside ? height : height / count,
  };
  const size = sizeOf(stats, cell);
  return stats
    .map((stat, index) => {
      const [x, y] = beside ? [PADDING + index * (cell.width + GAP), 0] : [PADDING, index * cell.height];
      return moved(x, y, drawStat(stat, size, range, cell));
    })
    .join("");
}

function drawStat(stat: Stat, size: number, range: TimeRange, cell: Room): string {
  const style = { size, bold: true, colour: stat.colour };
  const isWide = stat.name !== undefined && cell.width > WIDE * cell.height;
  if (isWide) {
    const y = cell.height / 2;
    const name = shortened(stat.name, cell.width - widthOf(stat.text, style) - GAP, NAME);
    return [
      textAt(name, { x: 0, y: y + NAME.size / 3 }, { ...NAME, colour: COLOURS.text }),
      textAt(stat.text, { x: cell.width, y: y + size / 3, anchor: "end" }, style),
    ].join("");
  }
  const trace = cell.height * TRACE;
  const middle = { x: cell.width / 2, anchor: "middle" } as const;
  const name = stat.name === undefined ? "" : shortened(stat.name, cell.width, NAME);
  const above = name === "" ? 0 : NAME.size + GAP;
  const y = above + (cell.height - trace - above) / 2 + size / 3;
  return [
    name === "" ? "" : textAt(name, { ...middle, y: NAME.size + 2 }, { ...NAME, colour: COLOURS.text }),
    textAt(stat.text, { ...middle, y }, style),
    moved(0, cell.height - trace, drawTrace(stat, range, { width: cell.width, height: trace - GAP })),
  ].join("");
}

/** One size for all, as large as the longest has room for. */
function sizeOf(stats: readonly Stat[], { width, height }: Room): number {
  const isWide = stats.some(({ name }) => name !== undefined) && width > WIDE * height;
  const room = { width: isWide ? width / 2 : width * 0.85, height: isWide ? height * 0.7 : height * 0.45 };
  const widest = Math.max(...stats.map(({ text }) => widthOf(text, { size: 1, bold: true })));
  return Math.max(SMALLEST, Math.min(LARGEST, room.height, room.width / widest));
}

/** From its lowest to its highest number; a gap where there is none. */
function drawTrace({ points, colour }: Stat, { from, to }: TimeRange, { width, height }: Room): string {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = ([time, value]: readonly [number, number]): string => {
    const [x, y] = [((time - from) / (to - from)) * width, high === low ? 0.5 : (value - low) / (high - low)];
    return `${x.toFixed(1)} ${(height - y * height).toFixed(1)}`;
  };
  return partsOf(points)
    .map((part) => {
      const line = `M${part.map(at).join("L")}`;
      const [first, last] = [at(part[0]), at(part[part.length - 1])].map((place) => place.split(" ")[0]);
      return [
        element("path", { d: `${line}L${last} ${height}L${first} ${height}Z`, fill: colour, "fill-opacity": 0.15 }),
        element("path", { d: line, fill: "none", stroke: colour, "stroke-width": 1.5 }),
      ].join("");
    })
    .join("");
}

/** Points that follow one another without a gap. */
function partsOf(points: Stat["points"]): (readonly [number, number])[][] {
  const parts: (readonly [number, number])[][] = [[]];
  for (const [time, value] of points) {
    if (value !== null) parts[parts.length - 1].push([time, value]);
    else if (parts[parts.length - 1].length > 0) parts.push([]);
  }
  return parts.filter((part) => part.length > 0);
}
