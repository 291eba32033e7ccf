import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { drawPicture } from "../../support/pictures/draw-picture";
import type { GrafanaFile } from "../../support/pictures/grafana-file";
import { grafanaPictureOf } from "../../support/pictures/grafana-picture";
import { AnsweredSeries, Question, questionsOf } from "../../support/pictures/grafana-questions";
import { toPng } from "../../support/pictures/png";
import type { Span } from "../../support/pictures/span";

/** Said in the picture itself, so that nobody takes it for what a browser shows. */
const BY_WHOM = "drawn by this library's tests from what Prometheus answered, not by Grafana";

/** The one beside the record of the lab, of what its machine shipped. */
export const LAB_PICTURE = join(__dirname, "../../../docs/records/metric-overview.png");

/** Asks a Prometheus: its query over a range of time. */
export type Ask = (question: Question) => Promise<readonly AnsweredSeries[]>;

/** A dashboard of what a Prometheus holds of a time, as SVG; fails where a panel has nothing to show. */
export async function drawDashboard(dashboard: GrafanaDashboard, span: Span, ask: Ask): Promise<string> {
  const file = JSON.parse(dashboard.toJson(new PrometheusStore())) as GrafanaFile;
  const answers: (readonly AnsweredSeries[])[] = [];
  for (const question of questionsOf(file, span)) answers.push(await ask(question));
  const subtitle = `${minuteOf(span.from)} to ${minuteOf(span.to)} UTC, ${BY_WHOM}`;
  return drawPicture(grafanaPictureOf(file, answers, subtitle, span));
}

/** The same as PNG, in a file. */
export async function writeDashboard(dashboard: GrafanaDashboard, span: Span, ask: Ask, file: string): Promise<void> {
  const png = await toPng(await drawDashboard(dashboard, span, ask));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, png);
}

function minuteOf(moment: string): string {
  return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
}
