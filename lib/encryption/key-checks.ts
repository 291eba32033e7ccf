import { requireConstruct } from "../core/terraform/refusals";
import { isTextToken, isToken } from "../core/terraform/text";
import { refuse, requireText } from "../core/validation";
import { requirePartitionOfRegion } from "./arn-partition";
import { IKey } from "./i-key";

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/;

/** Refuses all but the ARN of a key (not of an alias, which policies cannot name). */
export function requireKeyArn(property: string, arn: unknown): void {
  if (isTextToken(arn)) return;
  requireText(
    property,
    arn,
    KEY_ARN,
    "the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
  );
  requirePartitionOfRegion(property, arn as string);
}

/** Refuses a key of another region than the one that the program says; nothing where it says none. */
export function requireKeyRegion(property: string, arn: string, region: string | undefined): void {
  if (region === undefined || isToken(arn) || arn.split(":")[3] === region) return;
  refuse({
    property,
    value: arn,
    allowed: `a key of ${region}, the region of this stack's AWS provider, because no service encrypts by a key of another one`,
    remedy: `name a key of ${region}, which may be the replica there of a multi-Region key`,
  });
}

/** Refuses what is no key, also one that a program made by itself of what only looks like `IKey`. */
export function requireKey(property: string, key: unknown): asserts key is IKey {
  requireConstruct(property, key, ["keyArn"], "a key", `use Key.fromKeyAttributes() and pass it as ${property}`);
  // Of what there is no construct yet, it stands before what it belongs to.
  requireKeyArn(property.replace(/(?= of )|$/, ".keyArn"), (key as IKey).keyArn);
}
