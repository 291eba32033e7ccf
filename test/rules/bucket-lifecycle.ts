import { bucketSatellite } from "./bucket-satellites";
import { nested } from "./rule";

/** Every bucket gives up uploads that never ended, for every prefix: they are no objects, and cost what objects cost. */
export const bucketLifecycle = bucketSatellite(
  "bucket-lifecycle",
  "aws_s3_bucket_lifecycle_configuration",
  "keeps the parts of uploads that never ended",
  (block) =>
    nested(block.rule).some(
      ({ status, filter, abort_incomplete_multipart_upload }) =>
        status === "Enabled" &&
        nested(abort_incomplete_multipart_upload).length === 1 &&
        nested(filter).every(({ prefix, ...others }) => !prefix && Object.keys(others).length === 0),
    ),
);
