import { Block } from "../support/synthesized";
import { bucketLifecycle } from "./bucket-lifecycle";
import { bucketOwnership } from "./bucket-ownership";
import { bucketPublicAccess } from "./bucket-public-access";
import { bucketVersioning } from "./bucket-versioning";
import { only, resources, testRule } from "./test-rule";

/** A bucket with one resource beside it. */
function bucketWith(type: string, satellite: Block, bucket = "it") {
  return resources({
    aws_s3_bucket: { it: {} },
    [type]: { its: { bucket: `\${aws_s3_bucket.${bucket}.id}`, ...satellite } },
  });
}

const alone = only("aws_s3_bucket", {});

const ACCESS = "aws_s3_bucket_public_access_block";
const blocked = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
testRule(bucketPublicAccess, {
  compliant: { "a bucket that blocks all": bucketWith(ACCESS, blocked) },
  nonCompliant: {
    "a bucket alone": alone,
    "the block of another bucket": bucketWith(ACCESS, blocked, "other"),
    ...Object.fromEntries(
      Object.keys(blocked).map((flag) => [
        `a bucket without ${flag}`,
        bucketWith(ACCESS, { ...blocked, [flag]: false }),
      ]),
    ),
  },
});

const VERSIONING = "aws_s3_bucket_versioning";
testRule(bucketVersioning, {
  compliant: { "a versioned bucket": bucketWith(VERSIONING, { versioning_configuration: { status: "Enabled" } }) },
  nonCompliant: {
    "a bucket alone": alone,
    "a bucket with versioning suspended": bucketWith(VERSIONING, { versioning_configuration: { status: "Suspended" } }),
  },
});

const OWNERSHIP = "aws_s3_bucket_ownership_controls";
testRule(bucketOwnership, {
  compliant: {
    "a bucket without access lists": bucketWith(OWNERSHIP, { rule: { object_ownership: "BucketOwnerEnforced" } }),
  },
  nonCompliant: {
    "a bucket alone": alone,
    "a bucket with access lists": bucketWith(OWNERSHIP, { rule: { object_ownership: "BucketOwnerPreferred" } }),
  },
});

const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration";
const abort = {
  status: "Enabled",
  filter: [{ prefix: "" }],
  abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
};
testRule(bucketLifecycle, {
  compliant: { "a bucket that gives up uploads": bucketWith(LIFECYCLE, { rule: [{ status: "Enabled" }, abort] }) },
  nonCompliant: {
    "a bucket alone": alone,
    "a rule that is off": bucketWith(LIFECYCLE, { rule: [{ ...abort, status: "Disabled" }] }),
    "a rule for one prefix": bucketWith(LIFECYCLE, { rule: [{ ...abort, filter: [{ prefix: "a/" }] }] }),
    "a rule about something else": bucketWith(LIFECYCLE, { rule: [{ status: "Enabled", expiration: [{ days: 1 }] }] }),
  },
});
