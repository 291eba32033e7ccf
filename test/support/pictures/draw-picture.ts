import type { Room } from "./chart";
import { COLOURS } from "./colours";
import { drawNumber } from "./draw-number";
import { drawSeries } from "./draw-series";
import { drawTable } from "./draw-table";
import { drawTerms } from "./draw-terms";
import { PanelContent, PanelPlace, Picture, PicturePanel, requirePicture } from "./picture";
import { element, moved, textAt } from "./svg";
import { shortened, wrapped } from "./text";

/** As OpenSearch Dashboards and Grafana have it: rows of so many pixels with so many between them. */
const ROW = 20;
const GAP = 8;
const WIDTH = 1400;
const HEAD = { height: 52, size: 20, bold: true };
const SUBTITLE = { size: 13 };
const TITLE = { size: 13, bold: true };
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
  const { title, subtitle, columns, panels } = picture;
  const bottom = Math.max(...panels.map(({ place }) => place.y + place.h));
  const height = HEAD.height + bottom * (ROW + GAP) + GAP;
  const ofTitle = { ...HEAD, colour: COLOURS.text };
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` },
    element("rect", { width: WIDTH, height, fill: COLOURS.page }),
    textAt(shortened(title, WIDTH / 2, HEAD), { x: GAP + 4, y: 34 }, ofTitle),
    textAt(subtitle, { x: WIDTH - GAP - 4, y: 34, anchor: "end" }, { ...SUBTITLE, colour: COLOURS.quiet }),
    ...panels.map((panel, index) => drawPanel(`panel-${index}`, panel, boxOf(panel.place, columns))),
  );
}

function boxOf({ x, y, w, h }: PanelPlace, columns: number): Box {
  const column = (WIDTH - GAP) / columns;
  return {
    left: GAP + x * column,
    top: HEAD.height + y * (ROW + GAP),
    width: w * column - GAP,
    height: h * (ROW + GAP) - GAP,
  };
}

function drawPanel(id: string, { title, content }: PicturePanel, { left, top, width, height }: Box): string {
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

function drawContent(id: string, content: PanelContent, room: Room): string {
  switch (content.kind) {
    case "series":
      return drawSeries(id, content, room);
    case "terms":
      return drawTerms(id, content, room);
    case "number":
      return drawNumber(content, room);
    case "table":
      return drawTable(content, room);
  }
}
