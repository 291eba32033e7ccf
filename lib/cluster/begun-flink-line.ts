import { Fn, Op, Precondition } from "cdktf";
import { Construct } from "constructs";
import { heldValue } from "../core/terraform/held-value";
import { FlinkVersion } from "../settings";

export interface BegunFlinkLineProps {
  readonly clusterName: string;
  /** What is asked for now. */
  readonly version: FlinkVersion;
}

/**
 * The line of Flink that a cluster was begun with: so that a plan can compare it with the one that is asked for, and say
 * why they may not differ.
 */
export class BegunFlinkLine extends Construct {
  /** What a plan must not go against; one of them at most fails. */
  public readonly requirements: readonly Precondition[];

  public constructor(scope: Construct, id: string, { clusterName, version }: BegunFlinkLineProps) {
    super(scope, id);
    const { line } = version;
    const begun = heldValue(this, "line", line);
    // A number as such would not do: what is 0 is left out of a condition.
    const numbersOf = (text: string) => [0, 1].map((part) => Fn.tonumber(Fn.element(Fn.split(".", text), part)));
    const [[wasMajor, wasMinor], [major, minor]] = [begun, line].map(numbersOf);
    const isOfAnotherMajor = Op.neq(wasMajor, major);
    const refusal = (why: string, jobs: string): string =>
      `The cluster ${clusterName} runs Flink ${begun}, and ${line} is asked for: ${why}. Set version to ` +
      `FlinkVersion.of("${begun}"), or make a cluster of Flink ${line} beside it, ${jobs}.`;
    this.requirements = [
      {
        condition: Op.eq(wasMajor, major),
        errorMessage: refusal("state does not cross between 1.x and 2.x", "in which the jobs begin anew"),
      },
      {
        condition: Op.or(isOfAnotherMajor, Op.lte(wasMinor, minor)),
        errorMessage: refusal("Flink does not read the state of a newer line", "in which the jobs begin anew"),
      },
      {
        condition: Op.or(isOfAnotherMajor, Op.gte(wasMinor, minor)),
        errorMessage: refusal(
          "the nodes of a cluster carry no jobs over to another line",
          "and begin each job there from a savepoint, as docs/rolling-change.md says",
        ),
      },
    ];
  }
}
