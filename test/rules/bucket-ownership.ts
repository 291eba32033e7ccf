import { bucketSatellite } from "./bucket-satellites";
import { nested } from "./rule";

/** Every bucket's owner owns what is in it, and access lists mean nothing. */
export const bucketOwnership = bucketSatellite(
  "bucket-ownership",
  "aws_s3_bucket_ownership_controls",
  "does not enforce ownership",
  (block) => nested(block.rule).some(({ object_ownership }) => object_ownership === "BucketOwnerEnforced"),
);
