import { Duration } from "../../../lib/core/duration";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { MetricThresholds } from "../../../lib/observability/grafana/metric-thresholds";
import { MetricUnit } from "../../../lib/observability/grafana/metric-unit";
import { PanelSummary } from "../../../lib/observability/grafana/panel-summary";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { StatPanel } from "../../../lib/observability/grafana/stat-panel";
import { TablePanel } from "../../../lib/observability/grafana/table-panel";
import { TimeSeriesPanel } from "../../../lib/observability/grafana/time-series-panel";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { drawPicture } from "./draw-picture";
import type { GrafanaFile } from "./grafana-file";
import { grafanaPictureOf } from "./grafana-picture";
import { AnsweredSeries, questionsOf } from "./grafana-questions";
import { reduced } from "./grafana-reducers";
import { formatOf, scaleStepOf } from "./grafana-units";

const SPAN = { from: "2026-11-29T10:00:00Z", to: "2026-11-29T12:00:00Z" };
const NOW = Date.parse(SPAN.to);
const query = new MetricQuery({
  ...{ measurement: "flink_jobmanager_job", field: "numRestarts", legend: "{{cluster}}: {{job_name}}" },
  ...{ overTime: OverTime.MAX, across: AcrossSeries.MAX },
});
const dashboard = new GrafanaDashboard({
  ...{ title: "Ours", description: "Ours", uid: "ours", interval: Duration.seconds(30) },
});
const common = {
  description: "x",
  unit: MetricUnit.COUNT,
  thresholds: MetricThresholds.above({ warning: 2, critical: 5 }),
};
dashboard.addHeading("Now");
dashboard.add({
  panel: new StatPanel({ ...common, title: "Restarts", queries: [query], summary: PanelSummary.GROWTH }),
  width: 6,
});
dashboard.add({ panel: new TimeSeriesPanel({ ...common, title: "Over time", queries: [query, query], min: 0 }) });
dashboard.add({
  panel: new TablePanel({ ...common, title: "Rows", queries: [query], columns: [PanelSummary.LAST, PanelSummary.MAX] }),
});
const FILE = JSON.parse(dashboard.toJson(new PrometheusStore())) as GrafanaFile;

/** Some values from the first moment on. */
const answered = (job: string, values: readonly (number | string)[], at: number): AnsweredSeries => {
  const { from, step } = questionsOf(FILE, SPAN)[at];
  return {
    metric: { cluster: "orders", job_name: job },
    values: values.map((value, index) => [from + index * step, String(value)] as const),
  };
};
const answersOf = (...values: (number | string)[]) => [0, 1, 2, 3].map((at) => [answered("enrichment", values, at)]);
const contentsOf = (answers: readonly (readonly AnsweredSeries[])[]) =>
  grafanaPictureOf(FILE, answers, "today", SPAN).panels.map(({ content }) => content);

test("asks for each query of each panel, with everything chosen, at as many moments as there is room for", () => {
  const questions = questionsOf(FILE, SPAN);
  expect(questions.map(({ step }) => step)).toEqual([30, 30, 30, 30]);
  expect(questions[0]).toEqual({
    expression:
      'max by (cluster, job_name) (max_over_time(flink_jobmanager_job_numRestarts{cluster=~".*", job_name=~".*"}[120s]))',
    ...{ from: Date.parse(SPAN.from) / 1_000, to: NOW / 1_000, step: 30 },
  });
  const day = questionsOf(FILE, { from: "2026-11-29T00:00:10Z", to: "2026-11-30T00:00:00Z" });
  expect(day.map(({ step }) => step)).toEqual([300, 120, 120, 120]);
  expect(day[0].expression).toContain("[330s]");
  expect(day[0].from).toBe(Date.parse("2026-11-29T00:05:00Z") / 1_000);
});

test("numbers are what their values come to, in the colour of the threshold that they have reached", () => {
  const [, stat] = contentsOf(answersOf(1, 3, 1, 2));
  expect(stat).toMatchObject({ kind: "stats", stats: [{ name: "orders: enrichment", text: "4", colour: "#C29100" }] });
  const colourAt = (value: number) => {
    const [, content] = contentsOf(answersOf(0, value));
    return content.kind === "stats" && content.stats[0].colour;
  };
  expect([1, 2, 4, 5].map(colourAt)).toEqual(["#37872D", "#C29100", "#C29100", "#C4162A"]);
});

test("lines have gaps where nothing was answered, and tell what they come to", () => {
  const answers = answersOf(1, 2, 3);
  answers[1] = [{ ...answers[1][0], values: answers[1][0].values.filter((_, index) => index !== 1) }];
  const [, , lines] = contentsOf(answers);
  if (lines.kind !== "curves") throw new Error(lines.kind);
  expect(lines.curves).toHaveLength(2);
  expect(lines.curves[0].points.slice(0, 4).map(([, value]) => value)).toEqual([1, null, 3, null]);
  expect(lines.curves.map(({ sums }) => sums)).toEqual([
    ["3", "3"],
    ["3", "3"],
  ]);
  expect(lines).toMatchObject({ sums: ["Last *", "Max"], scale: { min: 0 }, stacked: false });
  expect(lines.limits.map(({ value }) => value)).toEqual([2, 5]);
});

test("rows are of each line, in the colour of the threshold that they have reached", () => {
  const [, , , table] = contentsOf(answersOf(6, 1));
  expect(table).toMatchObject({
    columns: [{ name: "Field" }, { name: "Last *" }, { name: "Max" }],
    rows: [["orders: enrichment", { text: "1", colour: "#37872D" }, { text: "6", colour: "#C4162A" }]],
  });
});

test("what is silent now is no data in red, and all is asked for at the end of the time alone", () => {
  const now = new GrafanaDashboard({ title: "Now", description: "x", uid: "now" });
  now.add({ panel: new StatPanel({ ...common, title: "One", queries: [query] }) });
  now.add({ panel: new TablePanel({ ...common, title: "Rows", queries: [query], columns: [PanelSummary.NOW] }) });
  const file = JSON.parse(now.toJson(new PrometheusStore())) as GrafanaFile;
  const [question] = questionsOf(file, SPAN);
  expect(question).toMatchObject({ from: NOW / 1_000, to: NOW / 1_000 });
  expect(question.expression).toContain("[7200s]");
  const answer = ["1", "NaN", "-1e+300"].map((value, at) => ({
    metric: { cluster: "orders", job_name: `job ${at}` },
    values: [[NOW / 1_000, value] as const],
  }));
  const [stat, table] = grafanaPictureOf(file, [answer, answer], "today", SPAN).panels.map(({ content }) => content);
  const [runs, silent] = [
    { text: "1", colour: "#37872D" },
    { text: "no data", colour: "#C4162A" },
  ];
  expect(stat).toMatchObject({ kind: "stats", stats: [runs, silent, silent] });
  expect(table).toMatchObject({
    rows: [
      ["orders: job 0", runs],
      ["orders: job 1", silent],
      ["orders: job 2", silent],
    ],
  });
});

test("is drawn with its headings, and below them its panels", () => {
  const svg = drawPicture(grafanaPictureOf(FILE, answersOf(1, 3), "today", SPAN));
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(["Ours", "Now", "Restarts", "Over time", "Rows", "orders: enrichment"]));
});

test.each<[string, readonly (readonly AnsweredSeries[])[], string]>([
  ["an answer too few", answersOf(1).slice(1), '"Ours" asks 4 questions, and there are 3 answers'],
  ["a panel without a series", [[], ...answersOf(1).slice(1)], 'panel "Restarts" of the picture "Ours" has nothing'],
  ["a panel with no number", [answersOf("NaN")[0], ...answersOf(1).slice(1)], 'panel "Restarts"'],
])("refuses %s", (_, answers, why) => {
  expect(() => drawPicture(grafanaPictureOf(FILE, answers, "today", SPAN))).toThrow(why);
});

test.each([
  ["lastNotNull", 4],
  ["max", 7],
  ["min", 1],
  ["mean", 3.75],
  // From 3 to 7, and from 0 to 1 and to 4.
  ["delta", 8],
] as const)("%s of some values with a gap, of a counter that began anew, is %d", (reducer, number) => {
  expect(reduced(reducer, [3, null, 7, 1, 4, null])).toBe(number);
  expect(reduced(reducer, [null])).toBeNull();
});

test.each<[string, number, string]>([
  ["short", 0, "0"],
  ["short", 12_345, "12.3 K"],
  ["cps", 950, "950 c/s"],
  ["cps", 1_234, "1.23K c/s"],
  ["bytes", 1_536, "1.5 KiB"],
  ["binBps", 3 * 2 ** 30, "3 GiB/s"],
  ["ms", 999.9, "1 s"],
  ["ms", 60_000, "1 min"],
  ["ms", 5_400_000, "1.5 hours"],
  ["s", 20 * 86_400, "2.86 weeks"],
  ["percentunit", 0.125, "12.5%"],
  ["percent", 100, "100%"],
  ["dateTimeFromNow", NOW - 120_000, "2 mins ago"],
])("in the unit %s, %d is %s", (unit, value, text) => {
  expect(formatOf(unit, NOW)(value)).toBe(text);
});

test.each<[string, number, number | undefined]>([
  ["bytes", 1.9 * 2 ** 30, 2 ** 29],
  ["ms", 73_000, 30_000],
  ["s", 0.9, 0.2],
  ["short", 73, undefined],
  ["bytes", 0, undefined],
])("a scale of the unit %s up to %d has steps of %d", (unit, highest, step) => {
  expect(scaleStepOf(unit, highest)).toBe(step);
});
