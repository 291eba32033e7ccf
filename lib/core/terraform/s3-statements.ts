import { Construct } from "constructs";
import { AwsAccount } from "./aws-account";
import { Allowance } from "./policy";

/**
 * Lets a role list what lies below the prefixes. Without ListBucket a missing object answers 403 instead of 404, and
 * nobody could tell "not there" from "not allowed". IfExists, because the request for such an object carries no prefix;
 * so a listing without one is allowed too, and gives the names of all keys.
 */
export function listing(sid: string, bucketArn: string, prefixes: readonly string[]): Allowance {
  return {
    sid,
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    conditions: { StringLikeIfExists: { "s3:prefix": [...prefixes] } },
  };
}

/** Lets a role use the keys of buckets through S3, and by no other way. */
export function useOfBucketKeys(
  scope: Construct,
  sid: string,
  keyArns: readonly string[],
  actions: readonly string[] = ["kms:Decrypt", "kms:GenerateDataKey"],
): Allowance {
  const { region, dnsSuffix } = AwsAccount.of(scope);
  return {
    sid,
    actions: [...actions],
    resources: [...keyArns],
    conditions: { StringEquals: { "kms:ViaService": [`s3.${region}.${dnsSuffix}`] } },
  };
}
