import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";

/** From where on values are no longer well. */
export interface MetricLimits {
  /** From here on somebody should look, in the unit of the panel. */
  readonly warning: number;
  /** From here on somebody should act, in the unit of the panel. */
  readonly critical: number;
}

const LIMITS: OptionNames<MetricLimits> = { warning: true, critical: true };
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
  const areNumbers = [warning, critical].every((limit) => typeof limit === "number" && Number.isFinite(limit));
  if (areNumbers && areInOrder(warning, critical)) return;
  const order = property.endsWith("above") ? "above" : "below";
  refuse({
    property,
    value: limits,
    allowed: `two numbers, of which critical is ${order} warning`,
    remedy: order === "above" ? `write for example ${EXAMPLE}` : "write for example { warning: 0.2, critical: 0.1 }",
  });
}
