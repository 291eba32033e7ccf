import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { CheckpointBucket, FlinkNetwork, IKey, Key, RemovalPolicy, SoftwareBucket } from "../../lib";
import { cluster, desiredState } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";

const arn = (end: string): string => `arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-${end}`;
const BUCKET_KEY = arn("00000000000b");
const SOFTWARE_KEY = arn("00000000000c");
const VOLUME_KEY = arn("00000000000d");
const LOG_KEY = arn("00000000000e");

const key = (stack: TerraformStack, keyArn: string): IKey =>
  Key.fromKeyAttributes(stack, `key-${keyArn.slice(-1)}`, { keyArn });

/** What the program holds for life, of all its constructs. */
const held = (synthesized: Synthesized): Block[] =>
  synthesized.all("terraform_data").flatMap(({ triggers_replace: values }) => (values ? [values as Block] : []));

/** A program with all that has a key, each of them given, or all of ours. */
const program = (key: (stack: TerraformStack, keyArn: string) => IKey | undefined): Synthesized =>
  synthesize((stack) => {
    cluster(stack, {
      network: new FlinkNetwork(stack, "network", { flowLogEncryptionKey: key(stack, LOG_KEY) }),
      checkpointBucket: new CheckpointBucket(stack, "checkpoints", { encryptionKey: key(stack, BUCKET_KEY) }),
      softwareBucket: new SoftwareBucket(stack, "software", { encryptionKey: key(stack, SOFTWARE_KEY) }),
      volumeEncryptionKey: key(stack, VOLUME_KEY),
      nodeCount: 1,
    });
  });

describe("a program that brings all its keys", () => {
  const synthesized = program(key);

  test("has no findings", () => expect(findings(synthesized)).toEqual([]));

  test("makes no key and no alias but those of the authorities", () => {
    expect(synthesized.all("aws_kms_key").map(({ key_usage: usage }) => usage)).toEqual(["SIGN_VERIFY", "SIGN_VERIFY"]);
    expect(synthesized.all("aws_kms_alias").map(({ name }) => name)).toEqual([
      "alias/cdktf-flink/orders/client-authority",
      "alias/cdktf-flink/orders/node-authority",
    ]);
  });

  test("encrypts volumes, buckets, objects and logs by them", () => {
    expect(synthesized.single("aws_ebs_volume")).toMatchObject({ encrypted: true, kms_key_id: VOLUME_KEY });
    expect(synthesized.single("aws_instance").root_block_device).toMatchObject({
      encrypted: true,
      kms_key_id: VOLUME_KEY,
    });
    const byDefault = synthesized
      .all("aws_s3_bucket_server_side_encryption_configuration")
      .map(({ rule }) => rule as Block[]);
    expect(byDefault).toEqual(
      [BUCKET_KEY, SOFTWARE_KEY].map((kms_master_key_id) => [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id },
          bucket_key_enabled: true,
        },
      ]),
    );
    expect(synthesized.single("aws_s3_object").kms_key_id).toBe(BUCKET_KEY);
    expect(synthesized.single("aws_cloudwatch_log_group").kms_key_id).toBe(LOG_KEY);
  });

  test("lets machines and jobs use those of the buckets, through S3, and no other", () => {
    const policies = synthesized.all("aws_iam_role_policy").map(({ policy }) => statements(policy));
    const used = policies.flatMap(({ BucketKeys, BucketKey }) => [BucketKeys, BucketKey].filter((each) => each));
    expect(used.map(({ Resource }) => Resource as string[])).toEqual([[BUCKET_KEY], [BUCKET_KEY, SOFTWARE_KEY]]);
    for (const { Condition } of used) expect(Object.keys(Condition.StringEquals)).toEqual(["kms:ViaService"]);
    expect(JSON.stringify(policies)).not.toContain(VOLUME_KEY);
    expect(JSON.stringify(policies)).not.toContain(LOG_KEY);
  });

  test("holds for life what cannot be changed without losing what is stored", () => {
    expect(held(synthesized)).toEqual(
      expect.arrayContaining([
        { encryption_key: BUCKET_KEY },
        { encryption_key: SOFTWARE_KEY },
        { volume_key: VOLUME_KEY },
      ]),
    );
    for (const [name, { lifecycle }] of Object.entries(synthesized.resources("terraform_data"))) {
      if (name.includes("ForLife")) expect(lifecycle).toMatchObject({ prevent_destroy: true });
    }
  });

  test("still claims the name of the cluster before a machine or its state is made", () => {
    const claim = [expect.stringMatching(/^aws_resourcegroups_group\.\w*NameClaim/)];
    expect(synthesized.single("aws_instance").depends_on).toEqual(expect.arrayContaining(claim));
    expect(synthesized.single("aws_s3_object").depends_on).toEqual(expect.arrayContaining(claim));
    expect(desiredState(synthesized).cluster).toBe("orders");
  });
});

test.each([
  [RemovalPolicy.RETAIN, true],
  [RemovalPolicy.DESTROY, false],
])("a bucket with a key of ours holds it as well: %s", (removalPolicy, isProtected) => {
  const synthesized = synthesize((stack) => new CheckpointBucket(stack, "checkpoints", { removalPolicy }));
  const [own] = Object.keys(synthesized.resources("aws_kms_key"));
  const lifecycle = { prevent_destroy: isProtected };
  expect(synthesized.all("terraform_data")).toMatchObject([
    { triggers_replace: { encryption_key: `\${aws_kms_key.${own}.arn}` }, lifecycle },
    { triggers_replace: { made_here: "true" }, lifecycle },
  ]);
});

test("a key of ours named as one of your own is another to what holds it, though its ARN is the same", () => {
  const owners = (synthesized: Synthesized) =>
    Object.fromEntries(
      Object.entries(synthesized.resources("terraform_data"))
        .filter(([name]) => name.includes("KeyOwnerForLife"))
        .map(([name, { triggers_replace: values, lifecycle }]) => [name.slice(0, -9), { values, lifecycle }]),
    );
  const all = (madeHere: string) => {
    const held = { values: { made_here: madeHere }, lifecycle: { prevent_destroy: true } };
    return { checkpoints_KeyOwnerForLife: held, flink_VolumeKeyOwnerForLife: held, software_KeyOwnerForLife: held };
  };
  expect(owners(program(() => undefined))).toEqual(all("true"));
  expect(owners(program(key))).toEqual(all("false"));
});

describe("an existing key", () => {
  test("is looked at when Terraform plans, and nothing of it is changed", () => {
    const synthesized = synthesize((stack) => key(stack, VOLUME_KEY));
    expect(synthesized.json.resource).toBeUndefined();
    const [data] = synthesized.data("aws_kms_key");
    expect(data).toMatchObject({ key_id: VOLUME_KEY });
    const { precondition, postcondition } = data.lifecycle as Record<string, { error_message: string }[]>;
    for (const { error_message: sentence } of [...precondition, ...postcondition]) {
      expect(sentence).toMatch(new RegExp(`^The key ${VOLUME_KEY} is .+: .+\\.$`));
    }
  });

  test("is what was given, so that nothing waits for how it is read", () => {
    const stack = testStack();
    const keyArn = new TerraformVariable(stack, "arn", {}).stringValue;
    expect(Key.fromKeyAttributes(stack, "key", { keyArn }).keyArn).toBe(keyArn);
    expect(synthesizeStack(stack).data("aws_kms_key")).toMatchObject([{ key_id: "${var.arn}" }]);
  });

  test("of another region is refused where the program says which region it is", () => {
    expect(() => key(testStack(), VOLUME_KEY.replace("eu-west-1", "eu-west-2"))).toThrow(
      /^stack\/key-d: keyArn is "arn:aws:kms:eu-west-2:.+, but must be a key of eu-west-1, the region of .+: name a key of/,
    );
  });

  test.each<[string, (stack: TerraformStack) => unknown]>([
    ["names no provider", () => undefined],
    ["names the region elsewhere", (stack) => new AwsProvider(stack, "aws", {})],
    [
      "has it from a variable",
      (stack) => new AwsProvider(stack, "aws", { region: new TerraformVariable(stack, "region", {}).stringValue }),
    ],
    [
      "has another provider beside",
      (stack) => new AwsProvider(stack, "other", { region: "eu-west-1", alias: "other" }),
    ],
  ])("is left to the plan where the program %s", (_, configure) => {
    const stack = new TerraformStack(Testing.app(), "stack");
    configure(stack);
    const keyArn = VOLUME_KEY.replace("eu-west-1", "eu-west-2");
    expect(Key.fromKeyAttributes(stack, "key", { keyArn }).keyArn).toBe(keyArn);
  });

  test.each(["cn-north-1 aws-cn", "us-gov-west-1 aws-us-gov", "us-isob-east-1 aws-iso-b", "us-east-1 aws"])(
    "is in the partition of its region: %s",
    (place) => {
      const [region, partition] = place.split(" ");
      const give = (inPartition: string) => () =>
        Key.fromKeyAttributes(new TerraformStack(Testing.app(), "stack"), "key", {
          keyArn: `arn:${inPartition}:kms:${region}:123456789012:key/mrk-0123456789abcdef0123456789abcdef`,
        });
      expect(give(partition)).not.toThrow();
      expect(give(`${partition}-x`)).toThrow(
        `must be in the partition of its region, which is ${partition} for ${region}`,
      );
    },
  );
});
