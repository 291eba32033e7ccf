import { drawPicture } from "./draw-picture";
import { CurvesContent, PanelContent, Picture, PicturePanel } from "./picture";
import { lookTheSame, toPng } from "./png";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-29T00:00:00Z");
const NUMBER: PanelContent = { kind: "number", label: "errors", value: 1234 };
const TERMS: PanelContent = {
  ...{ kind: "terms", label: "Lines" },
  terms: [
    { name: "org.apache.flink.runtime.taskmanager.Task", value: 80 },
    { name: "node-2", value: 20 },
  ],
};
const BARS: PanelContent = {
  ...{ kind: "bars", label: "Lines", from: START, to: START + 4 * HOUR, step: HOUR },
  series: [
    { name: "INFO", points: [0, 1, 2, 3].map((hour) => [START + hour * HOUR, [40, 0, 20, 10][hour]]) },
    { name: "ERROR", points: [[START + HOUR, 10]] },
  ],
};
const CURVES: CurvesContent = {
  ...{ kind: "curves", from: START, to: START + HOUR, stacked: false, scale: { min: 0 } },
  curves: [
    {
      name: "node-1",
      points: [0, 0.25, 0.5, 0.75, 1].map((hour) => [START + hour * HOUR, hour === 0.5 ? null : 512]),
      sums: ["512 MiB", "600 MiB"],
    },
  ],
  sums: ["Last", "Max"],
  limits: [{ value: 400, colour: "#C4162A" }],
  format: (value) => `${value} MiB`,
};
const STATS: PanelContent = {
  ...{ kind: "stats", from: START, to: START + HOUR },
  stats: ["orders", "clicks"].map((name, at) => ({
    ...{ name, text: `${at + 3} restarts`, colour: "#37872D" },
    points: [
      [START, 1],
      [START + HOUR, 2],
    ],
  })),
};
const TABLE: PanelContent = {
  ...{ kind: "table", total: 100 },
  columns: [
    { name: "node", align: "left" },
    { name: "Lines", align: "right" },
  ],
  rows: Array.from({ length: 100 }, (_, index) => [`node-${index}`, String(1000 + index)]),
};

const panel = (content: PanelContent, x = 0, y = 0, more: Partial<PicturePanel> = {}): PicturePanel => ({
  ...{ title: `of ${content.kind}`, place: { x, y, w: 12, h: 10 }, content, ...more },
});
const picture = (...panels: PicturePanel[]): Picture => ({
  title: "At a glance",
  subtitle: "today",
  grid: { columns: 24, rowHeight: 20 },
  panels,
});
const drawn = (...panels: PicturePanel[]) => drawPicture(picture(...panels));
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
/** Width and height of each form that is filled with a colour. */
const sizesOf = (svg: string, colour: string) =>
  [...svg.matchAll(/<path d="([^"]*)"[^>]*fill="([^"]*)"/g)]
    .filter(([, , fill]) => fill.toLowerCase() === colour.toLowerCase())
    .map(([, path]) => {
      const steps = [...path.matchAll(/l(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
      const along = (axis: number) => Math.max(...steps.map((step) => Math.abs(step[axis])));
      return { width: along(0), height: along(1) };
    });

test("shows the title of the picture, and of each panel", () => {
  const svg = drawn(panel(NUMBER), panel(TERMS, 12), panel(BARS, 0, 10), panel(TABLE, 12, 10));
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(["At a glance", "today", "of number", "of terms", "of bars", "of table"]),
  );
});

test.each<[string, PanelContent, string[]]>([
  ["a number, and what it is of", NUMBER, ["1,234", "errors"]],
  ["names with their numbers", TERMS, ["org.apache.flink.runtime.taskmanager.Task", "80", "node-2", "20", "Lines"]],
  ["bars with their legend and their time", BARS, ["INFO", "ERROR", "00:00", "02:00", "Lines", "UTC, per 1 hour"]],
  ["curves with their unit", CURVES, ["node-1", "Last", "Max", "512 MiB", "600 MiB", "200 MiB", "00:30"]],
  ["numbers with their names", STATS, ["orders", "3 restarts", "clicks", "4 restarts"]],
  ["the words of a heading alone", { kind: "heading" }, ["of heading"]],
  ["rows, and how many more there are", TABLE, ["node", "Lines", "node-0", "1000", "node-1", "1001"]],
])("shows %s", (_, content, texts) => {
  expect(textsOf(drawn(panel(content)))).toEqual(expect.arrayContaining(texts));
});

test("tells how many rows there are, where not all have room", () => {
  const texts = textsOf(drawn(panel(TABLE)));
  const shown = texts.filter((text) => /^node-\d/.test(text)).length;
  expect(shown).toBeGreaterThan(3);
  expect(texts).toContain(`the first ${shown} of 100 rows`);
});

test("draws bars as long as their numbers are great", () => {
  const [eighty, twenty] = sizesOf(drawn(panel(TERMS)), "#54B399").map(({ width }) => width);
  expect(eighty / twenty).toBeCloseTo(4, 1);
  const bars = drawn(panel(BARS));
  const info = sizesOf(bars, "#54B399").map(({ height }) => height);
  const [error] = sizesOf(bars, "#6092C0").map(({ height }) => height);
  expect([...info, error].map((height) => Math.round((10 * height) / error))).toEqual([40, 0, 20, 10, 10]);
});

test("puts what has no room on a second line, or says by … that there is more", () => {
  const narrow = { place: { x: 0, y: 0, w: 3, h: 10 } };
  expect(textsOf(drawn(panel(NUMBER, 0, 0, { ...narrow, title: "number of changes of the leader" })))).toEqual(
    expect.arrayContaining(["number of changes of", "the leader"]),
  );
  const texts = textsOf(drawn(panel(TERMS, 0, 0, narrow)));
  expect(texts).not.toContain("org.apache.flink.runtime.taskmanager.Task");
  expect(texts).toContainEqual(expect.stringMatching(/^…(?:\w+\.)*\w*k$/));
});

test("takes nothing of a text for SVG", () => {
  const svg = drawn(panel({ ...NUMBER, label: '<a href="x">&' }));
  expect(svg).toContain("&lt;a href=");
  expect(svg).not.toContain("<a ");
});

test.each<[string, PicturePanel[], string]>([
  ["no panels", [], "has no panels"],
  ["a panel without a title", [panel(NUMBER, 0, 0, { title: " " })], "has no title"],
  ["a panel off the grid", [panel(NUMBER, 13)], "does not lie within 24 columns"],
  ["a panel over another", [panel(NUMBER), panel(TERMS, 11, 9)], 'lies over panel "of number"'],
  ["no number", [panel({ ...NUMBER, value: NaN })], "has nothing to show"],
  ["no names", [panel({ ...TERMS, terms: [] })], "has nothing to show"],
  ["no rows", [panel({ ...TABLE, rows: [] })], "has nothing to show"],
  ["no bars", [panel({ ...BARS, series: [] })], "has nothing to show"],
  ["no numbers", [panel({ ...STATS, stats: [] })], "has nothing to show"],
  [
    "no points",
    [panel({ ...CURVES, curves: [{ ...CURVES.curves[0], points: [[START, null]] }] })],
    "has nothing to show",
  ],
])("refuses %s", (_, panels, why) => {
  expect(() => drawPicture(picture(...panels))).toThrow(why);
});

test("becomes a PNG that looks the same each time, and another one where a word is another", async () => {
  const png = await toPng(drawn(panel(NUMBER)));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(await lookTheSame(png, await toPng(drawn(panel(NUMBER))))).toBe(true);
  expect(await lookTheSame(png, await toPng(drawn(panel({ ...NUMBER, label: "error" }))))).toBe(false);
});
