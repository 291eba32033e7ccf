import { Fn, Op, Precondition } from "cdktf";
import { Construct } from "constructs";
import { heldValue } from "../core/terraform/held-value";
import { FlinkVersion } from "../settings";

export interface BegunFlinkLineProps {
  readonly clusterName: string;
  /** What is asked for now. */
  readonly version: FlinkVersion;
  /** Whether a line may come that reads nothing of the one before. */
  readonly allowStateLoss: boolean;
}

/**
 * The line of Flink that a cluster was begun with: so that a plan of one that reads nothing of it says so. Upwards within a
 * major version the nodes take another line over, and it is they who refuse the way back: which line runs by now they alone
 * know, also where an apply was cut.
 *
 * Where state may be lost the cluster may begin anew with any line. That one is held then, and once more when no state may
 * be lost any longer: else the plan would go on to refuse what runs.
 */
export class BegunFlinkLine extends Construct {
  /** What a plan must not go against; one of them at most fails. */
  public readonly requirements: readonly Precondition[];

  public constructor(scope: Construct, id: string, { clusterName, version, allowStateLoss }: BegunFlinkLineProps) {
    super(scope, id);
    const { line } = version;
    const begun = heldValue(this, "line", line, allowStateLoss ? { allow_state_loss: line } : undefined);
    this.requirements = allowStateLoss ? [] : requirementsOf(clusterName, begun, line);
  }
}

function requirementsOf(clusterName: string, begun: string, line: string): readonly Precondition[] {
  // A number as such would not do: what is 0 is left out of a condition.
  const numbersOf = (text: string) => [0, 1].map((part) => Fn.tonumber(Fn.element(Fn.split(".", text), part)));
  const [[wasMajor, wasMinor], [major, minor]] = [begun, line].map(numbersOf);
  const isOfAnotherMajor = Op.neq(wasMajor, major);
  const refusal = (why: string): string =>
    `The cluster ${clusterName} was begun with Flink ${begun}, and ${line} is asked for: ${why}. Set version to ` +
    `FlinkVersion.of("${begun}"), or the newer one that it runs by now, or make a cluster of Flink ${line} beside it, ` +
    "or set allowStateLoss: in these two the jobs begin anew.";
  return [
    {
      condition: Op.eq(wasMajor, major),
      errorMessage: refusal("state does not cross between 1.x and 2.x"),
    },
    {
      condition: Op.or(isOfAnotherMajor, Op.lte(wasMinor, minor)),
      errorMessage: refusal("Flink does not read the state of a newer line"),
    },
  ];
}
