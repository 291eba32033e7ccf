import { TerraformVariable, Testing } from "cdktf";
import { DESIRED_STATE_PREFIX, ROLL_EVENTS_PREFIX, rollLockKey, SOFTWARE_PREFIX } from "../../lib/core/bucket-layout";
import { Duration } from "../../lib/core/duration";
import { CheckpointBucket } from "../../lib/storage/checkpoint-bucket";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { SoftwareBucket } from "../../lib/storage/software-bucket";
import { findings } from "../rules/findings";
import { Block, statements, synthesize, synthesizeStack, testStack } from "../support/synth";

const ACCOUNT = "${data.aws_caller_identity.AwsAccount_Identity_E18432DC.account_id}";
/** A bucket, its key and its alias: all that would be lost with one of them. */
const UNIT = ["aws_s3_bucket", "aws_kms_key", "aws_kms_alias"];

describe("the default bucket", () => {
  const synthesized = synthesize((stack) => new CheckpointBucket(stack, "checkpoints"));
  const bucket = synthesized.single("aws_s3_bucket");
  const rules = synthesized.single("aws_s3_bucket_lifecycle_configuration").rule as Block[];

  test("has no findings", () => expect(findings(synthesized)).toEqual([]));

  test("is retained as one unit", () => {
    for (const type of UNIT) expect(synthesized.single(type).lifecycle).toEqual({ prevent_destroy: true });
    expect(bucket).toMatchObject({ bucket_prefix: "stack-checkpoints-", force_destroy: false });
    expect(synthesized.single("aws_kms_key").deletion_window_in_days).toBe(30);
  });

  test("is encrypted by its own key, with a bucket key", () => {
    const key = Object.keys(synthesized.resources("aws_kms_key"))[0];
    expect(synthesized.single("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: `\${aws_kms_key.${key}.arn}`,
        },
        bucket_key_enabled: true,
      },
    ]);
    expect(Object.keys(statements(synthesized.single("aws_kms_key").policy))).toEqual(["AccountAdministration"]);
  });

  test("refuses plain HTTP and foreign accounts, and nothing else", () => {
    const policy = statements(synthesized.single("aws_s3_bucket_policy").policy);
    expect(Object.keys(policy)).toEqual(["DenyInsecureTransport", "DenyForeignAccounts"]);
    expect(policy.DenyForeignAccounts).toMatchObject({
      Effect: "Deny",
      Condition: {
        StringNotEquals: { "aws:PrincipalAccount": ACCOUNT },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    });
  });

  test.each([
    ["checkpoints/", 1],
    ["ha/", 1],
    ["reports/", 1],
    ["rolls/", 1],
    ["savepoints/", 30],
  ])("drops old versions below %s after %i days, then the marks of deletions", (prefix, days) => {
    const rule = rules.find((candidate) => candidate.filter[0].prefix === prefix);
    expect(rule).toMatchObject({
      status: "Enabled",
      noncurrent_version_expiration: [{ noncurrent_days: days }],
      expiration: [{ expired_object_delete_marker: true }],
    });
  });

  test("lets events of rolling changes go after 90 days, and never the lock", () => {
    const expiring = rules.filter(({ expiration }) => expiration?.[0].days !== undefined);
    expect(expiring.map(({ filter, expiration }) => [filter, expiration])).toEqual([
      [[{ prefix: ROLL_EVENTS_PREFIX }], [{ days: 90 }]],
    ]);
    expect(rollLockKey("orders").startsWith(ROLL_EVENTS_PREFIX)).toBe(false);
  });

  test("never touches objects below software/ and desired-state/", () => {
    for (const { filter, expiration, noncurrent_version_expiration, transition } of rules) {
      expect(transition).toBeUndefined();
      if (!expiration && !noncurrent_version_expiration) continue;
      for (const untouched of [SOFTWARE_PREFIX, DESIRED_STATE_PREFIX]) {
        expect(untouched.startsWith(filter[0].prefix as string)).toBe(false);
      }
    }
  });

  test("ends uploads that never ended", () => {
    expect(rules.filter((rule) => rule.abort_incomplete_multipart_upload)).toEqual([
      expect.objectContaining({
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      }),
    ]);
  });

  test("has no access log", () => expect(synthesized.all("aws_s3_bucket_logging")).toEqual([]));
});

test("takes a name and goes with all it holds where that is asked for", () => {
  const synthesized = synthesize((stack) => {
    new CheckpointBucket(stack, "checkpoints", {
      bucketName: "my-checkpoints",
      removalPolicy: RemovalPolicy.DESTROY,
      savepointVersionRetention: Duration.days(90),
    });
  });
  for (const type of UNIT) expect(synthesized.single(type).lifecycle).toEqual({ prevent_destroy: false });
  expect(synthesized.single("aws_s3_bucket")).toMatchObject({ bucket: "my-checkpoints", force_destroy: true });
  expect(synthesized.single("aws_kms_key").deletion_window_in_days).toBe(7);
  expect(synthesized.text).toContain('"noncurrent_days":90');
});

test("writes its access log into a bucket of its own, encrypted by S3, for a year", () => {
  const synthesized = synthesize((stack) => new CheckpointBucket(stack, "checkpoints", { accessLogs: true }));
  expect(findings(synthesized)).toEqual([]);
  const [log] = Object.keys(synthesized.resources("aws_s3_bucket")).filter((id) => id.includes("AccessLogs"));
  expect(synthesized.single("aws_s3_bucket_logging").target_bucket).toBe(`\${aws_s3_bucket.${log}.id}`);
  // S3 refuses a target that does not let it write yet.
  expect(synthesized.single("aws_s3_bucket_logging").depends_on).toContainEqual(
    expect.stringMatching(/^aws_s3_bucket_policy\.\w*AccessLogs/),
  );
  const of = (type: string) => synthesized.all(type).find((block) => block.bucket === `\${aws_s3_bucket.${log}.id}`);
  expect(of("aws_s3_bucket_server_side_encryption_configuration")?.rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  ]);
  expect(of("aws_s3_bucket_lifecycle_configuration")?.rule[0].expiration).toEqual([{ days: 365 }]);
  expect(statements(of("aws_s3_bucket_policy")?.policy).AccessLogDelivery).toMatchObject({
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Condition: {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
      ArnLike: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_s3_bucket\.checkpoints_\w+\.arn\}$/) },
    },
  });
});

test("writes its access log into an existing bucket", () => {
  const synthesized = synthesize((stack) => {
    new CheckpointBucket(stack, "checkpoints", { accessLogBucketName: "all-logs" });
  });
  expect(synthesized.single("aws_s3_bucket_logging").target_bucket).toBe("all-logs");
  expect(synthesized.all("aws_s3_bucket")).toHaveLength(1);
});

test("what is written into it can depend on its guards, within its stack", () => {
  const app = Testing.app();
  const stack = testStack("storage", app);
  const other = testStack("streaming", app);
  const bucket = new CheckpointBucket(stack, "checkpoints");
  expect(bucket.guardsFor(stack)).toHaveLength(5);
  expect(bucket.guardsFor(other)).toEqual([]);
});

test("a software bucket can only be added to, and is guarded as the other", () => {
  const synthesized = synthesize((stack) => new SoftwareBucket(stack, "software"));
  expect(findings(synthesized)).toEqual([]);
  for (const type of UNIT) expect(synthesized.single(type).lifecycle).toEqual({ prevent_destroy: true });
  const policy = statements(synthesized.single("aws_s3_bucket_policy").policy);
  const software = expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/software\/\*$/);
  expect(policy.DenyDeletion).toMatchObject({
    Effect: "Deny",
    Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    Resource: software,
  });
  expect(policy.DenyOverwriting).toMatchObject({
    Effect: "Deny",
    Action: "s3:PutObject",
    Resource: software,
    Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
  });
  // Whoever may change policies can lift it again.
  expect(JSON.stringify(policy)).not.toContain("PutBucketPolicy");
  const rules = synthesized.single("aws_s3_bucket_lifecycle_configuration").rule as Block[];
  expect(rules.map((rule) => rule.id)).toEqual(["abort-incomplete-uploads"]);
});

describe("an existing bucket", () => {
  const encryptionKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

  test("is what its attributes say, and nothing of it is changed", () => {
    const stack = testStack();
    const attributes = { bucketName: "theirs", encryptionKeyArn };
    const bucket = CheckpointBucket.fromCheckpointBucketAttributes(stack, "a", attributes);
    const software = SoftwareBucket.fromSoftwareBucketAttributes(stack, "b", attributes);
    for (const existing of [bucket, software]) {
      expect(existing).toMatchObject({ bucketName: "theirs", encryptionKeyArn });
      expect(existing.bucketArn).toMatch(/:s3:::theirs$/);
      expect(existing.guardsFor(stack)).toEqual([]);
    }
    expect(synthesizeStack(stack).json.resource).toBeUndefined();
  });

  test("can be what another resource gives", () => {
    const stack = testStack();
    const token = (id: string) => new TerraformVariable(stack, id, {}).stringValue;
    const attributes = { bucketName: token("name"), encryptionKeyArn: token("key") };
    expect(CheckpointBucket.fromCheckpointBucketAttributes(stack, "a", attributes)).toMatchObject(attributes);
  });

  test.each([
    ["bucketName", "Theirs"],
    ["bucketName", undefined],
    ["encryptionKeyArn", "alias/theirs"],
    ["encryptionKeyArn", "arn:aws:kms:eu-west-1:123456789012:alias/theirs"],
    ["encryptionKeyArn", "${x}"],
    ["encryptionKeyArn", undefined],
  ])("refuses %s %j", (property, value) => {
    const attributes = { bucketName: "theirs", encryptionKeyArn, [property]: value } as never;
    const message = new RegExp(`^stack/a: ${property} is .+, but must be .+: .+`);
    expect(() => CheckpointBucket.fromCheckpointBucketAttributes(testStack(), "a", attributes)).toThrow(message);
  });
});
