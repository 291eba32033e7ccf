import { COLOURS } from "./colours";
import { FieldDefaults, FilePanel, GrafanaFile, isHeading, Reducer } from "./grafana-file";
import { AnsweredSeries, questionsOf, rangeOf } from "./grafana-questions";
import { REDUCER_NAMES, reduced } from "./grafana-reducers";
import { formatOf, scaleStepOf } from "./grafana-units";
import { NumberFormat, PanelContent, Picture, Series, TableCell } from "./picture";
import type { Span } from "./span";

const GRID = { columns: 24, rowHeight: 30 };
/** Dark enough to be read on white. */
const NAMED_COLOURS: Readonly<Record<string, string>> = {
  green: "#37872D",
  yellow: "#C29100",
  red: "#C4162A",
  text: COLOURS.text,
};

/**
 * A dashboard with what a Prometheus answered to each query of its panels.
 *
 * @param answers one for each of `questionsOf`, in their order
 */
export function grafanaPictureOf(
  file: GrafanaFile,
  answers: readonly (readonly AnsweredSeries[])[],
  subtitle: string,
  span: Span,
): Picture {
  const count = questionsOf(file, span).length;
  if (answers.length !== count) {
    throw new Error(`"${file.title}" asks ${count} questions, and there are ${answers.length} answers`);
  }
  const left = [...answers];
  const panels = file.panels.map((panel) => ({
    title: panel.title,
    place: panel.gridPos,
    content: isHeading(panel)
      ? ({ kind: "heading" } as const)
      : contentOf(panel, linesOf(panel, left.splice(0, panel.targets.length), span), span),
  }));
  return { title: file.title, subtitle, grid: GRID, panels };
}

/** Of all queries of a panel, by the names that their legends give them; no number where nothing was answered. */
function linesOf(panel: FilePanel, answers: readonly (readonly AnsweredSeries[])[], span: Span): readonly Series[] {
  const { from, to, step } = rangeOf(panel, span);
  const steps = Array.from({ length: (to - from) / step + 1 }, (_, at) => from + at * step);
  return answers.flatMap((series, at) => {
    const moments = panel.targets[at].instant ? [Date.parse(span.to) / 1_000] : steps;
    return series.map(({ metric, values }) => {
      const found = new Map(values.map(([seconds, text]) => [seconds, Number(text)]));
      return {
        name: panel.targets[at].legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ""),
        points: moments.map((seconds) => {
          const value = found.get(seconds) ?? NaN;
          return [seconds * 1_000, Number.isFinite(value) ? value : null] as const;
        }),
      };
    });
  });
}

function contentOf(panel: FilePanel, lines: readonly Series[], span: Span): PanelContent {
  const { options, transformations, fieldConfig, title } = panel;
  const { defaults } = fieldConfig;
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  const format = formatOf(defaults.unit, to);
  switch (panel.type) {
    case "stat": {
      const [reducer] = options.reduceOptions!.calcs;
      const stats = lines.flatMap(({ name, points }) => {
        const shown = shownOf(sumOf(reducer, points), defaults, format);
        const named = options.textMode === "value" ? {} : { name };
        return shown === undefined ? [] : [{ ...named, points, ...shown }];
      });
      return { kind: "stats", stats, from, to };
    }
    case "timeseries": {
      const reducers = options.legend!.calcs;
      const curves = lines.map((line) => ({ ...line, sums: textsOf(reducers, line, format) }));
      const sums = reducers.map((reducer) => REDUCER_NAMES[reducer]);
      const stacked = defaults.custom.stacking?.mode === "normal";
      const highest = Math.max(...lines.map(({ points }) => sumOf("max", points) ?? 0));
      const scale = { min: defaults.min, max: defaults.max, step: scaleStepOf(defaults.unit, highest) };
      return { kind: "curves", curves, sums, stacked, scale, limits: limitsOf(defaults), format, from, to };
    }
    case "table": {
      const [{ options: reduce }] = transformations;
      const rows = lines.map((line) => [
        line.name,
        ...reduce.reducers.map((reducer): TableCell => {
          const shown = shownOf(sumOf(reducer, line.points), defaults, format);
          if (shown === undefined) return "-";
          return defaults.custom.cellOptions?.type === "color-text" ? shown : { ...shown, colour: COLOURS.text };
        }),
      ]);
      const columns = [
        { name: "Field", align: "left" as const },
        ...reduce.reducers.map((reducer) => ({ name: REDUCER_NAMES[reducer], align: "right" as const })),
      ];
      return { kind: "table", columns, rows, total: rows.length };
    }
    default:
      throw new Error(`panel "${title}" is a ${String(panel.type)}, which is not drawn yet`);
  }
}

function sumOf(reducer: Reducer, points: Series["points"]): number | null {
  return reduced(
    reducer,
    points.map(([, value]) => value),
  );
}

function textsOf(reducers: readonly Reducer[], { points }: Series, format: NumberFormat): readonly string[] {
  return reducers.map((reducer) => {
    const value = sumOf(reducer, points);
    return value === null ? "-" : format(value);
  });
}

/** What stands in the place of a number, or else the number in its colour; nothing where there is neither. */
function shownOf(
  value: number | null,
  defaults: FieldDefaults,
  format: NumberFormat,
): { text: string; colour: string } | undefined {
  const mapping = defaults.mappings.find(({ options: { from, to } }) =>
    from === undefined || to === undefined ? value === null : value !== null && value >= from && value <= to,
  );
  if (mapping) return { text: mapping.options.result.text, colour: named(mapping.options.result.color) };
  return value === null ? undefined : { text: format(value), colour: colourOf(value, defaults) };
}

/** That of the highest threshold which the number has reached. */
function colourOf(number: number, { thresholds: { steps } }: FieldDefaults): string {
  const reached = steps.filter(({ value }) => value === null || number >= value);
  return named(reached[reached.length - 1].color);
}

function limitsOf({ thresholds: { steps }, custom }: FieldDefaults): { value: number; colour: string }[] {
  if (custom.thresholdsStyle?.mode !== "dashed") return [];
  return steps.flatMap(({ value, color }) => (value === null ? [] : [{ value, colour: named(color) }]));
}

function named(color: string): string {
  if (!(color in NAMED_COLOURS)) throw new Error(`the colour ${color} is not drawn yet`);
  return NAMED_COLOURS[color];
}
