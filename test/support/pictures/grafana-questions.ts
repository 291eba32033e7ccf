import { FilePanel, GrafanaFile, isHeading } from "./grafana-file";
import type { Span } from "./span";

const COLUMNS = 24;
/** Of the dashboard as a whole, in pixels: a panel asks for no more moments than it has of them. */
const WIDTH = 1_400;
const STEPS = [5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600];
/** So many looks are needed for how fast something grows. */
const LOOKS = 4;

/** What is asked for one query of a panel: an expression at moments from one to another. */
export interface Question {
  readonly expression: string;
  /** In seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** From one moment to the next, in seconds. */
  readonly step: number;
}

/** What Prometheus answers of a series: its labels, and its values as texts at seconds since 1970. */
export interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/**
 * What Grafana asks a Prometheus for a dashboard of which everything is chosen: of each panel each query, in their order.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
export function questionsOf({ panels }: GrafanaFile, span: Span): readonly Question[] {
  const [begin, end] = [span.from, span.to].map((moment) => Date.parse(moment) / 1_000);
  return panels.flatMap((panel) => {
    if (isHeading(panel)) return [];
    const look = secondsOf(panel.interval);
    const range = rangeOf(panel, span);
    const rateSeconds = Math.max(LOOKS * look, range.step + look);
    return panel.targets.map(({ expr, instant = false }) => ({
      ...(instant ? { step: range.step, from: end, to: end } : range),
      expression: expr
        .replaceAll("$__rate_interval", `${rateSeconds}s`)
        .replaceAll("$__range", `${end - begin}s`)
        .replaceAll(/"\$[a-z]+"/g, '".*"'),
    }));
  });
}

/** As many moments as there is room for, each a whole number of steps after 1970. */
export function rangeOf({ gridPos, interval }: FilePanel, span: Span): Omit<Question, "expression"> {
  const [from, to] = [span.from, span.to].map((moment) => Date.parse(moment) / 1_000);
  const exact = (to - from) / ((gridPos.w / COLUMNS) * WIDTH);
  const nearest = STEPS.reduce((best, each) => (Math.abs(each - exact) < Math.abs(best - exact) ? each : best));
  const step = Math.max(secondsOf(interval), nearest);
  return { step, from: Math.ceil(from / step) * step, to: Math.floor(to / step) * step };
}

function secondsOf(interval: string): number {
  const [, seconds] = /^(\d+)s$/.exec(interval) ?? [];
  if (seconds === undefined) throw new Error(`a step of ${interval} is not one of seconds`);
  return Number(seconds);
}
