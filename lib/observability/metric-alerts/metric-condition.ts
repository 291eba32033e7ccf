import { refuse } from "../../core/validation";
import { requireNumber } from "../../settings/ranges";
import { FARTHEST } from "../grafana/metric-thresholds";

/** Which values give an alert. Of whole numbers, equal to 3 is within 2.5 and 3.5. */
export class MetricCondition {
  /**
   * Values above a number, and not that number itself.
   *
   * @param threshold at most 15 digits before its point, in the unit of the query
   */
  public static above(threshold: number): MetricCondition {
    requireNumber("the argument of MetricCondition.above", threshold, -FARTHEST, FARTHEST);
    return new MetricCondition("gt", [threshold], (value) => `${value} > ${threshold}`);
  }

  /**
   * Values below a number, and not that number itself.
   *
   * @param threshold at most 15 digits before its point, in the unit of the query
   */
  public static below(threshold: number): MetricCondition {
    requireNumber("the argument of MetricCondition.below", threshold, -FARTHEST, FARTHEST);
    return new MetricCondition("lt", [threshold], (value) => `${value} < ${threshold}`);
  }

  /**
   * Values between two numbers, and neither of these.
   *
   * @param from at most 15 digits before its point, in the unit of the query
   * @param to above `from`
   */
  public static within(from: number, to: number): MetricCondition {
    requireInOrder("MetricCondition.within", from, to);
    return new MetricCondition("within_range", [from, to], (value) => `${value} > ${from} < ${to}`);
  }

  /**
   * Values below the first number or above the second.
   *
   * @param from at most 15 digits before its point, in the unit of the query
   * @param to above `from`
   */
  public static outside(from: number, to: number): MetricCondition {
    requireInOrder("MetricCondition.outside", from, to);
    return new MetricCondition("outside_range", [from, to], (value) => `${value} < ${from} or ${value} > ${to}`);
  }

  private constructor(
    private readonly type: "gt" | "lt" | "within_range" | "outside_range",
    private readonly params: readonly number[],
    private readonly words: (value: string) => string,
  ) {}

  /**
   * PromQL: what is left of the lines of an expression.
   * @internal
   */
  public _promQl(expression: string): string {
    return this.words(`(${expression})`);
  }

  /**
   * As Grafana's expression of kind `threshold` has it, in the words that its version 10.3 knew already.
   * @internal
   */
  public _evaluator(): object {
    return { type: this.type, params: [...this.params] };
  }
}

function requireInOrder(of: string, from: number, to: number): void {
  requireNumber(`the first argument of ${of}`, from, -FARTHEST, FARTHEST);
  requireNumber(`the second argument of ${of}`, to, -FARTHEST, FARTHEST);
  if (from < to) return;
  refuse({
    property: `the second argument of ${of}`,
    value: to,
    allowed: `above the first, ${from}`,
    remedy: "give the smaller number first",
  });
}
