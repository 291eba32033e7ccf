import { TerraformVariable } from "cdktf";
import { Duration } from "../../lib/core/duration";
import { ValidationError } from "../../lib/core/validation";
import { CheckpointBucket, CheckpointBucketProps } from "../../lib/storage/checkpoint-bucket";
import { SoftwareBucket } from "../../lib/storage/software-bucket";
import { synthesize, testStack } from "../support/synth";

const NAMES = [
  "",
  "ab",
  "a".repeat(64),
  "Upper",
  "under_score",
  "with.dot",
  "-begins",
  "ends-",
  "xn--x",
  "sthree-x",
  "amzn-s3-demo-x",
  "x-s3alias",
  "x--ol-s3",
  "x--x-s3",
  "x--table-s3",
  "${x}",
  "%{x}",
  'a"b',
  "a\nb",
  "a\n",
  "bücket",
  "192.168.0.1",
  7,
  {},
];
const RETENTIONS = [0, 30, "30", NaN, {}, Duration.hours(12), Duration.days(0), Duration.days(3654)];

const BAD: Record<keyof CheckpointBucketProps, object[]> = {
  bucketName: NAMES.map((bucketName) => ({ bucketName })),
  encryptionKey: ["arn:aws:kms:eu-west-1:123456789012:key/x", { keyArn: "x" }, null, {}].map((encryptionKey) => ({
    encryptionKey,
  })),
  removalPolicy: ["keep", "RETAIN", "", 1, {}].map((removalPolicy) => ({ removalPolicy })),
  accessLogs: [
    ...["true", 1, {}].map((accessLogs) => ({ accessLogs })),
    { accessLogs: true, accessLogBucketName: "all-logs" },
    { accessLogs: false, accessLogBucketName: "all-logs" },
  ],
  accessLogBucketName: NAMES.map((accessLogBucketName) => ({ accessLogBucketName })),
  accessLogRetention: [
    ...RETENTIONS.map((accessLogRetention) => ({ accessLogs: true, accessLogRetention })),
    { accessLogRetention: Duration.days(7) },
  ],
  savepointVersionRetention: RETENTIONS.map((savepointVersionRetention) => ({ savepointVersionRetention })),
};

describe.each(Object.entries(BAD))("%s", (property, cases) => {
  test.each(cases.map((props) => [props]))("refuses %j in one sentence that names it", (props) => {
    let error: unknown;
    try {
      new CheckpointBucket(testStack(), "bucket", props);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as Error).message).toMatch(new RegExp(`^stack/bucket: ${property} is .+, but must be .+: .+[^.]$`));
    expect((error as Error).message).not.toContain("\n");
  });
});

test("a software bucket refuses the same", () => {
  expect(() => new SoftwareBucket(testStack(), "bucket", { bucketName: "Upper" })).toThrow(ValidationError);
});

test("a name known only when Terraform runs is taken", () => {
  const synthesized = synthesize((stack) => {
    new CheckpointBucket(stack, "bucket", { bucketName: new TerraformVariable(stack, "name", {}).stringValue });
  });
  expect(synthesized.single("aws_s3_bucket").bucket).toBe("${var.name}");
});
