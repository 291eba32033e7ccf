import { requireLine } from "../../core/require-line";
import { refuse } from "../../core/validation";
import { MetricUnit } from "../grafana/metric-unit";

const PLACE = /\{\{([^{}]*)\}\}/g;
/** Stands for the value, where a label would stand. */
const VALUE = "value";

/** What a template of Go makes of a value: Prometheus and Grafana know these words alike. */
const SHOWN: Readonly<Partial<Record<MetricUnit, (value: string) => string>>> = {
  [MetricUnit.PART_OF_ONE]: (value) => `{{ humanizePercentage ${value} }}`,
  [MetricUnit.PERCENT]: (value) => `{{ printf "%.1f" ${value} }} %`,
  [MetricUnit.SECONDS]: (value) => `{{ humanizeDuration ${value} }}`,
  [MetricUnit.BYTES]: (value) => `{{ humanize1024 ${value} }}B`,
};

/** What could be taken for something else than text, in a template of Go or where Grafana reads a file. */
export function requirePlainText(property: string, text: string): void {
  if (!/[$`]|\{\{|\}\}/.test(text)) return;
  refuse({
    property,
    value: text,
    allowed: "a text without $, `, {{ and }}, as Prometheus and Grafana take these for something else",
    remedy: "leave them out",
  });
}

/** Refuses anything but a line that names labels and the value alone in `{{ }}`. */
export function requireAlertText(property: string, text: unknown, longest: number, labels: readonly string[]): void {
  requireLine(property, text, longest);
  for (const [, name] of text.matchAll(PLACE)) {
    if ([...labels, VALUE].includes(name.trim())) continue;
    refuse({
      property,
      value: text,
      allowed: `a text with ${[...labels, VALUE].join(", ")} alone in {{ }}, and not ${name.trim()}`,
      remedy: `name ${name.trim()} in by of the query, or leave it out`,
    });
  }
  requirePlainText(property, text.replace(PLACE, ""));
}

/**
 * A text as a template of Go: labels are named in the one way that both Prometheus and Grafana know and in which there is no
 * dollar, which Grafana takes for a variable of its environment.
 *
 * @param value how the value is named in a template
 */
export function alertTemplate(text: string, unit: MetricUnit, value: string): string {
  const shown = SHOWN[unit] ?? ((each: string) => `{{ humanize ${each} }}`);
  return text.replace(PLACE, (_, name: string) =>
    name.trim() === VALUE ? shown(value) : `{{ .Labels.${name.trim()} }}`,
  );
}
