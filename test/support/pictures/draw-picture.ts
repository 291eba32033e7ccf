import type { Room } from "./chart";
import { COLOURS } from "./colours";
import { drawBars } from "./draw-bars";
import { drawCurves } from "./draw-curves";
import { drawNumber } from "./draw-number";
import { drawStats } from "./draw-stats";
import { drawTable } from "./draw-table";
import { drawTerms } from "./draw-terms";
import { Grid, HeadingContent, PanelContent, PanelPlace, Picture, PicturePanel, requirePicture } from "./picture";
import { element, moved, textAt } from "./svg";
import { shortened, wrapped } from "./text";

/** Between panels, as OpenSearch Dashboards and Grafana have it. */
const GAP = 8;
const WIDTH = 1400;
const HEAD = { height: 52, size: 20, bold: true };
const SUBTITLE = { size: 13 };
const TITLE = { size: 13, bold: true };
const HEADING = { size: 15, bold: true };
const TITLE_LINE = 17;
const MOST_LINES = 2;
const PADDING = 12;

interface Box extends Room {
  readonly left: number;
  readonly top: number;
}

/** The picture as SVG. What it cannot show as it should be is refused. */
export function drawPicture(picture: Picture): string {
  requirePicture(picture);
  const { title, subtitle, grid, panels } = picture;
  const bottom = Math.max(...panels.map(({ place }) => place.y + place.h));
  const height = HEAD.height + bottom * (grid.rowHeight + GAP) + GAP;
  const ofTitle = { ...HEAD, colour: COLOURS.text };
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` },
    element("rect", { width: WIDTH, height, fill: COLOURS.page }),
    textAt(shortened(title, WIDTH / 2, HEAD), { x: GAP + 4, y: 34 }, ofTitle),
    textAt(subtitle, { x: WIDTH - GAP - 4, y: 34, anchor: "end" }, { ...SUBTITLE, colour: COLOURS.quiet }),
    ...panels.map((panel, index) => drawPanel(`panel-${index}`, panel, boxOf(panel.place, grid))),
  );
}

function boxOf({ x, y, w, h }: PanelPlace, { columns, rowHeight }: Grid): Box {
  const column = (WIDTH - GAP) / columns;
  return {
    left: GAP + x * column,
    top: HEAD.height + y * (rowHeight + GAP),
    width: w * column - GAP,
    height: h * (rowHeight + GAP) - GAP,
  };
}

function drawPanel(id: string, { title, content }: PicturePanel, { left, top, width, height }: Box): string {
  if (content.kind === "heading") {
    const place = { x: 2, y: height - 10 };
    return moved(left, top, textAt(shortened(title, width, HEADING), place, { ...HEADING, colour: COLOURS.text }));
  }
  const lines = wrapped(title, width - 2 * PADDING, TITLE, MOST_LINES);
  // Numbers side by side stand at one height, however long their titles are.
  const above = 14 + (content.kind === "number" ? MOST_LINES : lines.length) * TITLE_LINE;
  return moved(
    left,
    top,
    element("rect", { width, height, rx: 4, fill: COLOURS.panel, stroke: COLOURS.border }),
    ...lines.map((line, index) =>
      textAt(line, { x: PADDING, y: 22 + index * TITLE_LINE }, { ...TITLE, colour: COLOURS.text }),
    ),
    moved(0, above, drawContent(id, content, { width, height: height - above - 4 })),
  );
}

function drawContent(id: string, content: Exclude<PanelContent, HeadingContent>, room: Room): string {
  switch (content.kind) {
    case "bars":
      return drawBars(id, content, room);
    case "curves":
      return drawCurves(id, content, room);
    case "stats":
      return drawStats(content, room);
    case "terms":
      return drawTerms(id, content, room);
    case "number":
      return drawNumber(content, room);
    case "table":
      return drawTable(content, room);
  }
}
