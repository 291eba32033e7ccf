import { IConstruct } from "constructs";

/** A customer-managed, symmetric KMS key that encrypts what is kept. */
export interface IKey extends IConstruct {
  /**
   * ARN of the key.
   * @attribute
   */
  readonly keyArn: string;
}

/** An existing key, as `Key.fromKeyAttributes` takes it. */
export interface KeyAttributes {
  /**
   * ARN of the key, not of an alias and not its id, such as
   * `arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef`. Of the account and region that the
   * stack is deployed to; a multi-Region key is named by the ARN that it has there.
   */
  readonly keyArn: string;
}
