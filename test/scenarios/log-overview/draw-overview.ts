import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FlinkLogDashboards, LogTimeRange } from "../../../lib";
import { drawPicture } from "../../support/pictures/draw-picture";
import { pictureOf } from "../../support/pictures/opensearch-picture";
import { toPng } from "../../support/pictures/png";
import type { SearchAnswer } from "../../support/pictures/search-answer";
import type { Span } from "../../support/pictures/span";

/** Said in the picture itself, so that nobody takes it for what a browser shows. */
const BY_WHOM = "drawn by this library's tests from what OpenSearch answered, not by OpenSearch Dashboards";

/** The picture that the pages of docs/ show. */
export const DOCS_PICTURE = join(__dirname, "../../../docs/pictures/log-overview.png");

/** The one beside the record of the lab, of what its machine wrote. */
export const LAB_PICTURE = join(__dirname, "../../../docs/records/log-overview.png");

export interface DrawOptions {
  /** Moments, and no `now`: without it the axes of time reach from the first bar to the last. */
  readonly span?: Span;
}

/**
 * Draws the overview of logs as PNG.
 *
 * @param answers bodies of `POST <indices>/_search`, one for each of the overview's panels, in their order
 */
export async function drawOverview(
  answers: readonly object[],
  file: string,
  { span }: DrawOptions = {},
): Promise<void> {
  const png = await toPng(overviewAsSvg(answers, span));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, png);
}

/** The same, before it becomes dots. */
export function overviewAsSvg(answers: readonly object[], span?: Span): string {
  const { overview } = new FlinkLogDashboards();
  const when = span ? `${minuteOf(span.from)} to ${minuteOf(span.to)} UTC, ` : "";
  return drawPicture(pictureOf(overview, answers as readonly SearchAnswer[], `${when}${BY_WHOM}`, span));
}

/** What the panels of the overview ask, in their order. */
export function searchesOfOverview(span: LogTimeRange): object[] {
  return new FlinkLogDashboards().overview.panels.map((panel) => panel.searchRequest(span));
}

function minuteOf(moment: string): string {
  return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
}
