import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { requireNumber } from "../../settings/ranges";

/** From where on values are no longer well. */
export interface MetricLimits {
  /** From here on somebody should look, in the unit of the panel: a number of at most 15 digits before its point. */
  readonly warning: number;
  /** From here on somebody should act, in the same unit and range. */
  readonly critical: number;
}

const LIMITS: OptionNames<MetricLimits> = { warning: true, critical: true };
/** Beyond it Grafana, which knows numbers as JavaScript does, would round them. */
export const FARTHEST = 999_999_999_999_999;
const EXAMPLE = "{ warning: 0.8, critical: 0.9 }";

/** Which values of a panel are well, and which are not: what is well is green, then yellow, then red. */
export class MetricThresholds {
  /**
   * High values are bad.
   *
   * @param limits `critical` is above `warning`
   */
  public static above(limits: MetricLimits): MetricThresholds {
    requireLimits("MetricThresholds.above", limits, (from, to) => from < to);
    return new MetricThresholds([
      ["green", null],
      ["yellow", limits.warning],
      ["red", limits.critical],
    ]);
  }

  /**
   * Low values are bad.
   *
   * @param limits `critical` is below `warning`
   */
  public static below(limits: MetricLimits): MetricThresholds {
    requireLimits("MetricThresholds.below", limits, (from, to) => from > to);
    return new MetricThresholds([
      ["red", null],
      ["yellow", limits.critical],
      ["green", limits.warning],
    ]);
  }

  private constructor(private readonly steps: readonly (readonly [color: string, from: number | null])[]) {}

  /**
   * As Grafana has them.
   * @internal
   */
  public _steps(): readonly object[] {
    return this.steps.map(([color, value]) => ({ color, value }));
  }
}

function requireLimits(property: string, limits: unknown, areInOrder: (from: number, to: number) => boolean): void {
  requireOptionsOf(property, limits, LIMITS, EXAMPLE);
  const { warning, critical } = limits;
  requireNumber(`warning of ${property}`, warning, -FARTHEST, FARTHEST);
  requireNumber(`critical of ${property}`, critical, -FARTHEST, FARTHEST);
  if (areInOrder(warning, critical)) return;
  const order = property.endsWith("above") ? "above" : "below";
  refuse({
    property: `critical of ${property}`,
    value: critical,
    allowed: `${order} warning, ${warning}`,
    remedy: order === "above" ? `write for example ${EXAMPLE}` : "write for example { warning: 0.2, critical: 0.1 }",
  });
}
