import {
  DashboardPanel,
  FlinkLogDashboards,
  IndexPattern,
  LogCountOverTime,
  LogMetric,
  LogQuery,
  LogTable,
  LogTableColumn,
  LogTopTerms,
  LogVisualization,
  OpenSearchDashboard,
  SavedObjects,
  SavedSearch,
} from "../../../lib";
import { Block } from "../../support/synthesized";

interface Line {
  readonly id: string;
  readonly type: string;
  readonly attributes: Block;
  readonly references: { name: string; type: string; id: string }[];
}

const linesOf = (objects: SavedObjects): Line[] =>
  objects
    .toNdjson()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

const visStateOf = (visualization: LogVisualization): Block => {
  const [line] = linesOf(SavedObjects.of(visualization)).slice(-1);
  return JSON.parse(line.attributes.visState as string) as Block;
};

describe("the file of our own objects", () => {
  const ours = new FlinkLogDashboards({ indexPrefix: "flink-logs" });
  const lines = linesOf(SavedObjects.of(...ours.objects));

  test("holds each object once, after those that it refers to", () => {
    const keys = lines.map(({ type, id }) => `${type} ${id}`);
    expect(new Set(keys).size).toBe(keys.length);
    lines.forEach(({ references }, index) => {
      for (const { type, id } of references) expect(keys.slice(0, index)).toContain(`${type} ${id}`);
    });
    expect(new Set(lines.map(({ type }) => type))).toEqual(
      new Set(["index-pattern", "search", "visualization", "dashboard"]),
    );
  });

  test("names every reference that its texts of JSON use, and no other", () => {
    for (const { attributes, references } of lines) {
      const text = JSON.stringify(attributes);
      for (const { name } of references) expect(text).toContain(name);
      const used = text.match(/panel_\d+|kibanaSavedObjectMeta\.searchSourceJSON\.index/g) ?? [];
      expect(new Set(used)).toEqual(new Set(references.map(({ name }) => name)));
    }
  });

  test("is the same whenever it is made", () => {
    const again = new FlinkLogDashboards({ indexPrefix: "flink-logs" });
    expect(SavedObjects.of(...again.objects).toNdjson()).toBe(SavedObjects.of(...ours.objects).toNdjson());
  });

  test("reads the indices of the prefix, by the time of each line, and has ids that hold it", () => {
    expect(lines[0]).toEqual({
      id: "flink-flink-logs",
      type: "index-pattern",
      attributes: { title: "flink-logs-*", timeFieldName: "@timestamp" },
      references: [],
      migrationVersion: { "index-pattern": "7.6.0" },
    });
    expect(lines.filter(({ id }) => !id.startsWith("flink-flink-logs"))).toEqual([]);
  });

  test("shows all of it in a list: no two titles are the same", () => {
    const titles = lines.map(({ type, attributes }) => `${type} ${attributes.title as string}`);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

test("what is not there in the order of references comes along: a panel brings its index pattern", () => {
  const panel = new LogMetric({ title: "a", indexPattern: new IndexPattern({ indexPrefix: "other" }) });
  const dashboard = new OpenSearchDashboard({ title: "d", panels: [{ panel }] });
  expect(SavedObjects.of(dashboard).objects.map(({ title }) => title)).toEqual(["other-*", "a", "d"]);
});

test("two objects of one kind and one id are refused, and two of different kinds are not", () => {
  const one = new LogMetric({ title: "Errors", query: LogQuery.where("level", "ERROR") });
  expect(() => SavedObjects.of(one, new LogMetric({ title: "errors!" }))).toThrow(
    'objects is "errors!", but must be objects with ids of their own, and "Errors" has the id flink-logs-errors as well: give one of the two another title or an objectId',
  );
  expect(() => SavedObjects.of(one, new SavedSearch({ title: "Errors" }))).not.toThrow();
});

test("titles without a letter of ours have ids as well", () => {
  const [one, other] = ["přehled 漢字", "漢字", "😀"].map((title) => new LogMetric({ title }).objectId).slice(1);
  expect(one).toMatch(/^flink-logs-[0-9a-f]{64}$/);
  expect(other).not.toBe(one);
});

describe("what is asked is what is shown", () => {
  test("lines over time", () => {
    const visualization = new LogCountOverTime({ title: "x", splitBy: "level", maxSeries: 5 });
    expect(visStateOf(visualization)).toMatchObject({
      type: "histogram",
      aggs: [
        { id: "1", type: "count", schema: "metric" },
        { id: "2", type: "date_histogram", schema: "segment", params: { field: "@timestamp", interval: "auto" } },
        { id: "3", type: "terms", schema: "group", params: { field: "level", size: 5, orderBy: "1", order: "desc" } },
      ],
    });
    expect(visualization.searchRequest({ from: "now-1h" })).toEqual({
      size: 0,
      track_total_hits: true,
      query: {
        bool: { must: [{ match_all: {} }], filter: [{ range: { "@timestamp": { gte: "now-1h", lte: "now" } } }] },
      },
      aggs: {
        2: {
          auto_date_histogram: { field: "@timestamp", buckets: 50, time_zone: "UTC" },
          aggs: { 3: { terms: { field: "level", size: 5, order: { _count: "desc" } } } },
        },
      },
    });
  });

  test("the values of most lines; of a text its part that is kept whole", () => {
    const visualization = new LogTopTerms({ title: "x", field: "message", size: 3 });
    expect(visStateOf(visualization)).toMatchObject({
      type: "horizontal_bar",
      aggs: [{ id: "1" }, { id: "2", schema: "segment", params: { field: "message.keyword", size: 3 } }],
    });
    expect(visualization.searchRequest()).toMatchObject({
      aggs: { 2: { terms: { field: "message.keyword", size: 3 } } },
    });
  });

  test("a number of lines, or of values", () => {
    expect(visStateOf(new LogMetric({ title: "x" }))).toMatchObject({
      type: "metric",
      aggs: [{ id: "1", type: "count", params: { customLabel: "x" } }],
    });
    expect(new LogMetric({ title: "x" }).searchRequest()).not.toHaveProperty("aggs");
    const jobs = new LogMetric({ title: "x", label: "jobs", distinct: "job_id" });
    expect(visStateOf(jobs)).toMatchObject({
      aggs: [{ id: "1", type: "cardinality", params: { field: "job_id", customLabel: "jobs" } }],
    });
    expect(jobs.searchRequest()).toMatchObject({ aggs: { 1: { cardinality: { field: "job_id" } } } });
  });

  test("rows", () => {
    const visualization = new LogTable({
      title: "x",
      fields: ["node", "role"],
      columns: [LogTableColumn.LAST_LINE, LogTableColumn.LOWEST_NUMBER],
      size: 7,
    });
    expect(visStateOf(visualization)).toMatchObject({
      type: "table",
      aggs: [
        { id: "1", type: "count" },
        { id: "20", type: "max", params: { field: "@timestamp" } },
        { id: "21", type: "min", params: { field: "sequence" } },
        { id: "2", schema: "bucket", params: { field: "node", size: 7 } },
        { id: "3", schema: "bucket", params: { field: "role", size: 7 } },
      ],
    });
    expect(visualization.searchRequest()).toMatchObject({
      aggs: {
        2: {
          terms: { field: "node" },
          aggs: {
            3: {
              terms: { field: "role" },
              aggs: { 20: { max: { field: "@timestamp" } }, 21: { min: { field: "sequence" } } },
            },
          },
        },
      },
    });
  });

  test("lines themselves, the newest or the oldest first", () => {
    const search = new SavedSearch({ title: "x", columns: ["message"], oldestFirst: true });
    const [, line] = linesOf(SavedObjects.of(search));
    expect(line.attributes).toMatchObject({ columns: ["message"], sort: [["@timestamp", "asc"]] });
    expect(search.searchRequest()).toMatchObject({ size: 500, sort: [{ "@timestamp": { order: "asc" } }] });
    expect(new SavedSearch({ title: "x" }).searchRequest()).toMatchObject({
      sort: [{ "@timestamp": { order: "desc" } }],
    });
  });
});

describe("a dashboard", () => {
  const placesOf = (...panels: Partial<DashboardPanel>[]): string[] => {
    const panel = new LogMetric({ title: "x" });
    const dashboard = new OpenSearchDashboard({ title: "d", panels: panels.map((each) => ({ panel, ...each })) });
    const [line] = linesOf(SavedObjects.of(dashboard)).slice(-1);
    const placed = JSON.parse(line.attributes.panelsJSON as string) as { gridData: Record<string, number> }[];
    return placed.map(({ gridData: { x, y, w, h } }) => `${x},${y} ${w}x${h}`);
  };

  test("has rows that are as full as they can be, each below the highest of the one before", () => {
    expect(placesOf({ width: 24, height: 10 }, { width: 24, height: 14 }, { width: 48 }, {}, {}, {})).toEqual([
      "0,0 24x10",
      "24,0 24x14",
      "0,14 48x12",
      "0,26 24x12",
      "24,26 24x12",
      "0,38 24x12",
    ]);
    expect(placesOf({ width: 16 }, { width: 16 }, { width: 17 }, { width: 16 })).toEqual([
      "0,0 16x12",
      "16,0 16x12",
      "0,12 17x12",
      "17,12 16x12",
    ]);
  });

  test("takes panels later, ours as well", () => {
    const ours = new FlinkLogDashboards();
    const before = ours.overview.panels.length;
    const panel = new LogMetric({ title: "mine", indexPattern: ours.indexPattern });
    ours.overview.add({ panel, width: 48 });
    expect(ours.overview.panels).toHaveLength(before + 1);
    expect(SavedObjects.of(ours.overview).objects).toContain(panel);
  });

  test("never lies over itself", () => {
    const places = new FlinkLogDashboards().overview._places.map(({ place }) => place);
    const cells = places.flatMap(({ x, y, w, h }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(places.filter(({ x, w }) => x + w > 48)).toEqual([]);
  });

  test("keeps its time, and asks anew where it is told to", () => {
    const attributesOf = (dashboard: OpenSearchDashboard): Block => linesOf(SavedObjects.of(dashboard))[0].attributes;
    expect(attributesOf(new OpenSearchDashboard({ title: "d", from: "now-7d" }))).toMatchObject({
      ...{ timeRestore: true, timeFrom: "now-7d", timeTo: "now", refreshInterval: { pause: true, value: 0 } },
    });
  });
});
