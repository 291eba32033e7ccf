import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { Fn, Op } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { checkInputOf } from "../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../core/validation";
import { IKey, KeyAttributes } from "./i-key";
import { requireKeyArn, requireKeyRegion } from "./key-checks";

const ATTRIBUTES: OptionNames<KeyAttributes> = { keyArn: true };

/**
 * A KMS key of your own. What its policy has to say is in docs/keys.md.
 *
 * The form of the ARN, and its region where the stack's AWS provider names one, are checked at synth. That the key is
 * there, of this account and region, customer-managed, symmetric and enabled is checked when Terraform plans (when it
 * applies, for a key that the same program creates): whoever plans needs `kms:DescribeKey`. Its policy and its
 * rotation are up to its owner and are not checked.
 */
export class Key extends Construct implements IKey {
  /**
   * An existing key. Nothing of it is changed, and it gets no alias.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes its ARN
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: KeyAttributes): IKey {
    return new Key(scope, id, attributes);
  }

  public readonly keyArn: string;

  private constructor(scope: Construct, id: string, attributes: KeyAttributes) {
    super(scope, id);
    checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      requireKeyArn("keyArn", attributes.keyArn);
      requireKeyRegion("keyArn", attributes.keyArn, AwsAccount.knownRegion(this));
    });
    // As it was given and not as it is read: what is read can be unknown at plan, and would then replace volumes.
    this.keyArn = attributes.keyArn;
    this.checkAtPlan();
  }

  private checkAtPlan(): void {
    const account = AwsAccount.of(this);
    const inArn = (index: number) => Fn.element(Fn.split(":", this.keyArn), index) as string;
    const data = new DataAwsKmsKey(this, "Resource", { keyId: this.keyArn });
    data.lifecycle = {
      precondition: [
        {
          condition: Op.and(Op.eq(inArn(3), account.region), Op.eq(inArn(1), account.partition)),
          errorMessage: `The key ${this.keyArn} is not of the region that this stack is deployed to: name one that is.`,
        },
        {
          condition: Op.eq(inArn(4), account.accountId),
          errorMessage: `The key ${this.keyArn} is not of the account that this stack is deployed to: name one that is.`,
        },
      ],
      postcondition: [
        {
          condition: `\${self.key_manager == "CUSTOMER"}`,
          errorMessage: `The key ${this.keyArn} is managed by AWS: name a customer-managed one.`,
        },
        {
          condition: `\${self.key_usage == "ENCRYPT_DECRYPT" && self.key_spec == "SYMMETRIC_DEFAULT"}`,
          errorMessage: `The key ${this.keyArn} is not symmetric or not for encryption: name one of the spec SYMMETRIC_DEFAULT.`,
        },
        {
          condition: "${self.enabled}",
          errorMessage: `The key ${this.keyArn} is disabled or about to be deleted: enable it or name another one.`,
        },
      ],
    };
  }
}
