import { TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  CheckpointBucketAttributes,
  CheckpointBucketProps,
  DataBucket,
  DataBucketAttributes,
  DataBucketProps,
  Duration,
  RemovalPolicy,
  SoftwareBucket,
  SoftwareBucketAttributes,
} from "../../../lib";
import { KEY_ARN } from "../support";
import { KEYS } from "./made-in-stack";
import { enumeration, props, Row } from "./row";
import { BUCKET_NAMES, CONNECTION_NAMES, KEY_ARNS } from "./shared-values";

export const BUCKETS: Row[] = [
  { struct: "CheckpointBucketProps", type: CheckpointBucket },
  { struct: "SoftwareBucketProps", type: SoftwareBucket },
  { struct: "DataBucketProps", type: DataBucket },
].flatMap(({ struct, type: Bucket }) => {
  const bucket = props<CheckpointBucketProps & DataBucketProps>(
    struct,
    (stack, given) => new Bucket(stack, "b", given),
  );
  const days = { refuses: [Duration.hours(12), Duration.days(0), Duration.days(3654), 30] };
  return [
    bucket("bucketName", BUCKET_NAMES),
    bucket("encryptionKey", KEYS),
    bucket("removalPolicy", enumeration(RemovalPolicy)),
    bucket("accessLogs", { takes: [true, false], refuses: ["true", 1] }),
    bucket("accessLogBucketName", BUCKET_NAMES),
    bucket("accessLogRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days }, { accessLogs: true }),
    ...(Bucket === CheckpointBucket
      ? [bucket("savepointVersionRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days })]
      : []),
    ...(Bucket === DataBucket
      ? [
          bucket("versionRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days }),
          bucket("connectionName", CONNECTION_NAMES),
        ]
      : []),
  ];
});

export const existingCheckpointBucket = (stack: TerraformStack, id: string, given: CheckpointBucketAttributes) =>
  CheckpointBucket.fromCheckpointBucketAttributes(stack, id, given);

export const existingSoftwareBucket = (stack: TerraformStack, id: string, given: SoftwareBucketAttributes) =>
  SoftwareBucket.fromSoftwareBucketAttributes(stack, id, given);

export const EXISTING_BUCKETS: Row[] = [
  { struct: "CheckpointBucketAttributes", make: existingCheckpointBucket },
  { struct: "SoftwareBucketAttributes", make: existingSoftwareBucket },
].flatMap(({ struct, make }) => [
  {
    input: `${struct}.bucketName`,
    named: "bucketName",
    give: (stack: TerraformStack, bucketName: string) => make(stack, "b", { bucketName, encryptionKeyArn: KEY_ARN }),
    ...BUCKET_NAMES,
    required: true,
  },
  {
    input: `${struct}.encryptionKeyArn`,
    named: "encryptionKeyArn",
    give: (stack: TerraformStack, arn: string) => make(stack, "b", { bucketName: "abc", encryptionKeyArn: arn }),
    ...KEY_ARNS,
    required: true,
  },
]);

export const existingDataBucket = (stack: TerraformStack, id: string, given: DataBucketAttributes) =>
  DataBucket.fromDataBucketAttributes(stack, id, given);
