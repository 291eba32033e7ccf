import { bucketSatellite } from "./bucket-satellites";
import { nested } from "./rule";

/** Every bucket keeps old versions. */
export const bucketVersioning = bucketSatellite(
  "bucket-versioning",
  "aws_s3_bucket_versioning",
  "keeps no versions",
  (block) => nested(block.versioning_configuration).some(({ status }) => status === "Enabled"),
);
