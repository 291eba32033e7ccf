import { Op, Precondition } from "cdktf";
import { Construct } from "constructs";
import { heldValue } from "../core/terraform/held-value";
import { Architecture } from "../settings";

export interface BegunArchitectureProps {
  readonly clusterName: string;
  /** What is asked for now. */
  readonly architecture: Architecture;
}

/**
 * The architecture of the machines that a cluster was begun with: so that a plan of another one says why it may not be, and
 * what to do.
 */
export class BegunArchitecture extends Construct {
  /** What a plan must not go against. */
  public readonly requirement: Precondition;

  public constructor(scope: Construct, id: string, { clusterName, architecture }: BegunArchitectureProps) {
    super(scope, id);
    const begun = heldValue(this, "architecture", architecture);
    this.requirement = {
      condition: Op.eq(begun, architecture),
      errorMessage:
        `The cluster ${clusterName} runs on ${begun}, and ${architecture} is asked for: the machines of a cluster are made of ` +
        `one image and run one build of the software. Set instanceType to one of ${begun}, or make a cluster of ${architecture} ` +
        "beside it, and begin each job there from a savepoint.",
    };
  }
}
