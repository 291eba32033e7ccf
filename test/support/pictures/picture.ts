import type { TimeRange } from "./time-axis";

/**
 * What a dashboard shows, whoever's dashboard it is: panels with their places on a grid, and what each of them has to show.
 * Programs that draw dashboards in a browser are not to be had by tests; this is drawn by them.
 */
export interface Picture {
  readonly title: string;
  /** What it is drawn from, such as the time that it is about. */
  readonly subtitle: string;
  readonly grid: Grid;
  readonly panels: readonly PicturePanel[];
}

/** Where panels stand. */
export interface Grid {
  /** 48 of OpenSearch Dashboards, 24 of Grafana. */
  readonly columns: number;
  /** How high a row is, without what is between it and the next, in pixels: 20 of OpenSearch Dashboards, 30 of Grafana. */
  readonly rowHeight: number;
}

export interface PicturePanel {
  readonly title: string;
  readonly place: PanelPlace;
  readonly content: PanelContent;
}

/** In columns and rows of the grid, from its upper left corner. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type PanelContent =
  BarsContent | CurvesContent | HeadingContent | NumberContent | StatsContent | TableContent | TermsContent;

/** Numbers of spans of time; those of several series stand one on the other. */
export interface BarsContent extends TimeRange {
  readonly kind: "bars";
  /** What the numbers are of, beside their axis. */
  readonly label: string;
  /** Of which time a bar is, from its point on, in milliseconds. */
  readonly step: number;
  readonly series: readonly Series[];
  readonly format?: NumberFormat;
}

/** Numbers of moments, and below them what the numbers of each line come to. */
export interface CurvesContent extends TimeRange {
  readonly kind: "curves";
  readonly curves: readonly Curve[];
  /** What the sums below are called. */
  readonly sums: readonly string[];
  /** Whether lines stand one on the other. */
  readonly stacked: boolean;
  /** Ends of the scale of numbers, where it does not follow the numbers. */
  readonly scale: Scale;
  readonly limits: readonly Limit[];
  readonly format: NumberFormat;
}

export interface Scale {
  readonly min?: number;
  readonly max?: number;
  /** From one number at the scale to the next, where they are not round ones of ten. */
  readonly step?: number;
}

export interface Curve extends Series {
  /** In the order of what they are called. */
  readonly sums: readonly string[];
}

/** A number from which on something is no longer well. */
export interface Limit {
  readonly value: number;
  readonly colour: string;
}

/** What the panels below it are about: its title is all that there is of it. */
export interface HeadingContent {
  readonly kind: "heading";
}

/** Numbers side by side or one below the other, each in its colour, with how it came to that. */
export interface StatsContent extends TimeRange {
  readonly kind: "stats";
  readonly stats: readonly Stat[];
}

export interface Stat {
  /** Not shown where there is none. */
  readonly name?: string;
  readonly text: string;
  readonly colour: string;
  readonly points: Series["points"];
}

export interface Series {
  readonly name: string;
  /** Times in milliseconds, with their numbers; `null` where there is none. */
  readonly points: readonly (readonly [time: number, value: number | null])[];
}

/** Bars one below the other, each with its name and number. */
export interface TermsContent {
  readonly kind: "terms";
  readonly label: string;
  readonly terms: readonly { readonly name: string; readonly value: number }[];
  readonly format?: NumberFormat;
}

/** One number, and what it is of. */
export interface NumberContent {
  readonly kind: "number";
  readonly label: string;
  readonly value: number;
  readonly format?: NumberFormat;
}

/** Rows of texts: what was counted, or lines as they are. */
export interface TableContent {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
  /** How many rows there are, where not all were asked for. */
  readonly total: number;
}

export type TableCell = string | { readonly text: string; readonly colour: string };

export interface TableColumn {
  readonly name: string;
  readonly align: "left" | "right";
}

/** How a number is written, as with its unit. */
export type NumberFormat = (value: number) => string;

export const plainNumber: NumberFormat = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 3 });

/** Refuses a picture that would show less than it pretends: a panel without a title, off the grid, over another, or empty. */
export function requirePicture({ title, grid: { columns }, panels }: Picture): void {
  if (panels.length === 0) throw new Error(`the picture "${title}" has no panels`);
  panels.forEach((panel, index) => {
    const refuse = (why: string): never => {
      throw new Error(`panel "${panel.title}" of the picture "${title}" ${why}`);
    };
    const { x, y, w, h } = panel.place;
    if (panel.title.trim() === "") refuse(`at ${x}, ${y} has no title`);
    if (Math.min(x, y) < 0 || Math.min(w, h) < 1 || x + w > columns) refuse(`does not lie within ${columns} columns`);
    const hidden = panels.slice(0, index).find(({ place }) => doOverlap(place, panel.place));
    if (hidden) refuse(`lies over panel "${hidden.title}"`);
    if (isEmpty(panel.content)) refuse("has nothing to show");
  });
}

function doOverlap(one: PanelPlace, other: PanelPlace): boolean {
  const [right, below] = [one.x + one.w, one.y + one.h];
  return one.x < other.x + other.w && other.x < right && one.y < other.y + other.h && other.y < below;
}

function isEmpty(content: PanelContent): boolean {
  switch (content.kind) {
    case "heading":
      return false;
    case "bars":
      return areEmpty(content.series);
    case "curves":
      return areEmpty(content.curves);
    case "stats":
      return areEmpty(content.stats);
    case "terms":
      return content.terms.length === 0;
    case "table":
      return content.rows.length === 0;
    case "number":
      return !Number.isFinite(content.value);
  }
}

function areEmpty(series: readonly Pick<Series, "points">[]): boolean {
  return series.every(({ points }) => points.every(([, value]) => value === null));
}
