import {
  LogCountOverTime,
  LogMetric,
  LogTable,
  LogTableColumn,
  LogTopTerms,
  OpenSearchDashboard,
  SavedSearch,
} from "../../../lib";
import { pictureOf } from "./opensearch-picture";
import type { SearchAnswer } from "./search-answer";

const dashboard = new OpenSearchDashboard({
  title: "Ours",
  panels: [
    { panel: new LogMetric({ title: "Lines", label: "lines" }), width: 8, height: 7 },
    { panel: new LogMetric({ title: "Jobs", distinct: "job_id" }), width: 8, height: 7 },
    { panel: new LogCountOverTime({ title: "Over time", splitBy: "level" }) },
    { panel: new LogTopTerms({ title: "Loggers", field: "logger" }) },
    {
      panel: new LogTable({
        ...{ title: "Runs", fields: ["node", "run"] },
        columns: [LogTableColumn.HIGHEST_NUMBER, LogTableColumn.LAST_LINE],
      }),
    },
    { panel: new SavedSearch({ title: "Errors", columns: ["level", "message", "exception"] }), width: 48 },
  ],
});
const NOON = Date.parse("2026-11-29T12:00:00Z");
const MINUTE = 60_000;
const answer = (aggregations: object = {}, lines: Record<string, string>[] = [], total = 7): SearchAnswer => ({
  ...{ hits: { total: { value: total }, hits: lines.map((_source) => ({ _source })) }, _shards: { failed: 0 } },
  aggregations: aggregations as SearchAnswer["aggregations"],
});
const levels = (...counts: [string, number][]) => ({
  buckets: counts.map(([key, count]) => ({ key, doc_count: count })),
});
const ANSWERS = [
  answer(),
  answer({ 1: { value: 3 } }),
  answer({
    2: {
      interval: "5m",
      buckets: [
        { key: NOON, doc_count: 5, 3: levels(["ERROR", 4], ["INFO", 1]) },
        { key: NOON + 5 * MINUTE, doc_count: 9, 3: levels(["INFO", 9]) },
      ],
    },
  }),
  answer({ 2: { buckets: [{ key: "a.B", doc_count: 5 }] } }),
  answer({
    2: {
      buckets: [
        {
          ...{ key: "node-1", doc_count: 3 },
          3: {
            buckets: [
              { key: "run-1", doc_count: 2, 20: { value: 1200 }, 21: { value: NOON } },
              { key: "run-2", doc_count: 1, 20: { value: null }, 21: { value: NOON + MINUTE } },
            ],
          },
        },
      ],
    },
  }),
  answer({}, [{ "@timestamp": "2026-11-29T12:00:00.123Z", level: "ERROR", message: "no" }], 40),
];
const [lines, jobs, overTime, loggers, runs, errors] = pictureOf(dashboard, ANSWERS, "").panels;

test("every panel stands where the dashboard has it, under its title", () => {
  expect([lines, jobs, overTime, errors].map(({ title, place }) => [title, place])).toEqual([
    ["Lines", { x: 0, y: 0, w: 8, h: 7 }],
    ["Jobs", { x: 8, y: 0, w: 8, h: 7 }],
    ["Over time", { x: 16, y: 0, w: 24, h: 12 }],
    ["Errors", { x: 0, y: 24, w: 48, h: 12 }],
  ]);
});

test("numbers are of lines, or of values", () => {
  expect(lines.content).toEqual({ kind: "number", label: "lines", value: 7 });
  expect(jobs.content).toEqual({ kind: "number", label: "Jobs", value: 3 });
});

test("bars are divided, those with most first, and none is left out where there was none", () => {
  const content = { ...{ kind: "bars", label: "Lines", step: 5 * MINUTE } };
  const [first, second] = [NOON, NOON + 5 * MINUTE];
  const series = [
    { name: "INFO", points: [[first, 1], [second, 9]] }, // prettier-ignore
    { name: "ERROR", points: [[first, 4], [second, 0]] }, // prettier-ignore
  ];
  expect(overTime.content).toEqual({ ...content, from: NOON, to: NOON + 10 * MINUTE, series });
  const span = { from: "2026-11-29T00:00:00Z", to: "2026-11-30T00:00:00Z" };
  expect(pictureOf(dashboard, ANSWERS, "", span).panels[2].content).toMatchObject({
    from: Date.parse(span.from),
    to: Date.parse(span.to),
  });
});

test("rows are of each combination", () => {
  expect(loggers.content).toEqual({ kind: "terms", label: "Lines", terms: [{ name: "a.B", value: 5 }] });
  expect(runs.content).toEqual({
    ...{ kind: "table", total: 2 },
    columns: [
      { name: "node", align: "left" },
      { name: "run", align: "left" },
      { name: "Lines", align: "right" },
      { name: "Highest number", align: "right" },
      { name: "Last line", align: "left" },
    ],
    rows: [
      ["node-1", "run-1", "2", "1,200", "2026-11-29 12:00:00"],
      ["node-1", "run-2", "1", "-", "2026-11-29 12:01:00"],
    ],
  });
});

test("lines are as they were, and how many there are is known", () => {
  expect(errors.content).toMatchObject({
    ...{ kind: "table", total: 40 },
    rows: [["2026-11-29 12:00:00", "ERROR", "no", "-"]],
  });
});

test.each<[string, SearchAnswer[], string]>([
  ["an answer too few", ANSWERS.slice(1), '"Ours" has 6 panels, and there are 5 answers'],
  [
    "a search that failed in part",
    [{ ...ANSWERS[0], _shards: { failed: 1 } }, ...ANSWERS.slice(1)],
    'the search of panel "Lines" failed in part',
  ],
  [
    "no bars",
    [...ANSWERS.slice(0, 2), answer({ 2: { interval: "1s", buckets: [] } }), ...ANSWERS.slice(3)],
    'panel "Over time" has nothing to show',
  ],
])("refuses %s", (_, answers, why) => {
  expect(() => pictureOf(dashboard, answers, "")).toThrow(why);
});
