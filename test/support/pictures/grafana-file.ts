import type { PanelPlace } from "./picture";

/** What of a dashboard's file is drawn, as Grafana has it. */
export interface GrafanaFile {
  readonly title: string;
  readonly panels: readonly (FilePanel | FileHeading)[];
}

export interface FileHeading {
  readonly type: "row";
  readonly title: string;
  readonly gridPos: PanelPlace;
}

export interface FilePanel {
  readonly type: "stat" | "table" | "timeseries";
  readonly title: string;
  readonly gridPos: PanelPlace;
  /** The shortest step of time, such as `30s`. */
  readonly interval: string;
  readonly targets: readonly FileTarget[];
  readonly fieldConfig: { readonly defaults: FieldDefaults };
  readonly options: {
    readonly legend?: { readonly calcs: readonly Reducer[] };
    readonly reduceOptions?: { readonly calcs: readonly [Reducer] };
    readonly textMode?: "value" | "value_and_name";
  };
  readonly transformations: readonly { readonly options: { readonly reducers: readonly Reducer[] } }[];
}

export interface FileTarget {
  readonly expr: string;
  readonly legendFormat: string;
  /** Whether it is asked for the end of the time alone. */
  readonly instant?: boolean;
}

export interface FieldDefaults {
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  /** From the lowest on; the first has no value. */
  readonly thresholds: { readonly steps: readonly { readonly color: string; readonly value: number | null }[] };
  /** What stands in the place of what is no number, and of numbers in a range. */
  readonly mappings: readonly Mapping[];
  readonly custom: {
    readonly stacking?: { readonly mode: "none" | "normal" };
    readonly thresholdsStyle?: { readonly mode: "dashed" | "off" };
    readonly cellOptions?: { readonly type: string };
  };
}

export interface Mapping {
  /** Those of a range have its ends. */
  readonly options: {
    readonly from?: number;
    readonly to?: number;
    readonly result: { readonly text: string; readonly color: string };
  };
}

/** What Grafana makes one number of many by. */
export type Reducer = "delta" | "last" | "lastNotNull" | "max" | "mean" | "min";

export function isHeading(panel: FilePanel | FileHeading): panel is FileHeading {
  return panel.type === "row";
}
