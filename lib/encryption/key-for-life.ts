import { Construct } from "constructs";
import { FixedForLife } from "../core/terraform/fixed-for-life";

export interface KeyForLifeProps {
  /** What the value is called where Terraform shows it. */
  readonly name: string;
  readonly keyArn: string;
  /** Whether it is a key of ours, which leaves with the program that makes it. */
  readonly isMadeHere: boolean;
  /** Whether a plan that changes it is refused. */
  readonly isProtected: boolean;
}

/**
 * Holds a key, and whose it is. Whoever names a key of ours as one of their own changes no ARN: only that nothing makes
 * it any more, so that Terraform would delete it, and its own `prevent_destroy` is gone with it.
 *
 * @param id what it is a key of, as the beginning of the names of what holds it: two resources, as the first was there
 *   before the second
 */
export function holdKeyForLife(scope: Construct, id: string, props: KeyForLifeProps): void {
  const { name, keyArn, isMadeHere, isProtected } = props;
  new FixedForLife(scope, `${id}ForLife`, { values: { [name]: keyArn }, isProtected });
  new FixedForLife(scope, `${id}OwnerForLife`, { values: { made_here: String(isMadeHere) }, isProtected });
}
