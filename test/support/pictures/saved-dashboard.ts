import { OpenSearchDashboard, SavedObjects } from "../../../lib";
import type { PanelPlace } from "./picture";

/** A dashboard as its file says that it is: what OpenSearch Dashboards would import, and nothing that only this library knows. */
export interface SavedDashboard {
  readonly title: string;
  readonly panels: readonly SavedPanel[];
}

export interface SavedPanel {
  readonly place: PanelPlace;
  readonly shown: SavedVisualization | SavedLines;
}

export interface SavedVisualization {
  readonly type: "visualization";
  readonly title: string;
  /** Dashboards' own name of its kind. */
  readonly kind: string;
  readonly metrics: readonly SavedAggregation[];
  /** By what lines are sorted, from the outside to the inside. */
  readonly buckets: readonly SavedAggregation[];
}

export interface SavedLines {
  readonly type: "search";
  readonly title: string;
  readonly columns: readonly string[];
}

export interface SavedAggregation {
  readonly id: string;
  readonly type: string;
  readonly schema: string;
  readonly params: { readonly field?: string; readonly customLabel: string };
}

interface Saved {
  readonly type: string;
  readonly id: string;
  readonly attributes: { readonly title: string; readonly [attribute: string]: unknown };
  readonly references: readonly { readonly name: string; readonly type: string; readonly id: string }[];
}

/** Reads a dashboard from the file that is imported. */
export function savedFormOf(dashboard: OpenSearchDashboard): SavedDashboard {
  const objects = SavedObjects.of(dashboard)
    .toNdjson()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Saved);
  const { attributes, references } = objects.find(({ id, type }) => type === "dashboard" && id === dashboard.objectId)!;
  const panels = JSON.parse(attributes.panelsJSON as string) as { gridData: PanelPlace; panelRefName: string }[];
  return {
    title: attributes.title,
    panels: panels.map(({ gridData: { x, y, w, h }, panelRefName }) => {
      const { type, id } = references.find(({ name }) => name === panelRefName)!;
      const object = objects.find((one) => one.type === type && one.id === id)!;
      return { place: { x, y, w, h }, shown: shownBy(object) };
    }),
  };
}

function shownBy({ type, attributes }: Saved): SavedPanel["shown"] {
  const { title } = attributes;
  if (type === "search") return { type, title, columns: attributes.columns as string[] };
  const state = JSON.parse(attributes.visState as string) as { type: string; aggs: SavedAggregation[] };
  const isMetric = ({ schema }: SavedAggregation) => schema === "metric";
  return {
    ...{ type: "visualization", title, kind: state.type },
    metrics: state.aggs.filter(isMetric),
    buckets: state.aggs.filter((aggregation) => !isMetric(aggregation)),
  };
}
