import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { refuse } from "../core/validation";

export interface UniqueName {
  /** Name of the property by which a user gives the name. */
  readonly property: string;
  readonly name: string;
  /** For people, such as `Kafka cluster`. */
  readonly kind: string;
  /** The name of another construct of the same kind; nothing of a construct of another. */
  readonly nameOf: (other: IConstruct) => string | undefined;
}

/**
 * Refuses a name that AWS takes once per account and region where another construct of the program has it. Stacks whose AWS
 * providers are told other things than their tags lead to different accounts or regions; of a stack that has no provider yet,
 * and where Terraform alone knows the region, nobody knows.
 */
export function requireUniqueName(construct: Construct, { property, name, kind, nameOf }: UniqueName): void {
  const twin = construct.node.root.node
    .findAll()
    .find((other) => other !== construct && nameOf(other) === name && AwsAccount.isKnownAlike(construct, other));
  if (!twin) return;
  refuse({
    property,
    value: name,
    allowed: `a name that no other ${kind} of the account and region has, and ${twin.node.path} has it`,
    remedy: `give one of the two another ${property}; where they go to different accounts, set allowedAccountIds of their stacks' AWS providers`,
  });
}
