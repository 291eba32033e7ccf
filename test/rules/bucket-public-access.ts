import { bucketSatellite } from "./bucket-satellites";

const FLAGS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** Every bucket blocks public access in all four ways. */
export const bucketPublicAccess = bucketSatellite(
  "bucket-public-access",
  "aws_s3_bucket_public_access_block",
  "does not block all public access",
  (block) => FLAGS.every((flag) => block[flag] === true),
);
