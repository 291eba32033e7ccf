import { TerraformStack } from "cdktf";
import { DataBucket, FlinkCluster, IDataBucket } from "../../lib";
import { cluster, KEY_ARN } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, synthesize } from "../support/synth";

function existing(
  stack: TerraformStack,
  bucketName = "orders",
  encryptionKeyArn: string | undefined = KEY_ARN,
): IDataBucket {
  return DataBucket.fromDataBucketAttributes(stack, bucketName, { bucketName, encryptionKeyArn });
}

/** Policies of what jobs may beside Flink's own state, by their names. */
function granted(build: (flink: FlinkCluster, stack: TerraformStack) => void): Record<string, Block> {
  const synthesized = synthesize((stack) => build(cluster(stack), stack));
  const policies = synthesized.all("aws_iam_role_policy").filter(({ name }) => !/^flink-/.test(name as string));
  return Object.fromEntries(policies.map((policy) => [policy.name as string, policy]));
}

const actionsOf = (policy: Block) =>
  Object.fromEntries(Object.entries(statements(policy.policy)).map(([sid, { Action }]) => [sid, Action]));

test("what is read is read alone, what is written is written alone, each by a policy of its own", () => {
  const policies = granted((flink, stack) => {
    flink.readFrom(existing(stack, "orders").prefix("in/"));
    flink.writeTo(existing(stack, "results").prefix("out/orders/"));
  });
  const [read, write] = Object.keys(policies);
  expect(read).toMatch(/^read-s3-stack-orders-in-[0-9a-f]{8}$/);
  expect(write).toMatch(/^write-s3-stack-results-out-orders-[0-9a-f]{8}$/);
  expect(actionsOf(policies[read])).toEqual({
    ReadFiles: ["s3:GetObject"],
    ReadListing: ["s3:ListBucket"],
    ReadKey: ["kms:Decrypt"],
  });
  expect(actionsOf(policies[write])).toEqual({
    WriteFiles: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    WriteListing: ["s3:ListBucket"],
    WriteKey: ["kms:Decrypt", "kms:GenerateDataKey"],
  });
  const { WriteFiles, WriteListing, WriteKey } = statements(policies[write].policy);
  expect(WriteFiles.Resource).toEqual([expect.stringMatching(/:s3:::results\/out\/orders\/\*$/)]);
  // Hadoop looks whether a folder is a file before it reads what is in it.
  expect(statements(policies[read].policy).ReadFiles.Resource).toEqual([
    expect.stringMatching(/:s3:::orders\/in$/),
    expect.stringMatching(/:s3:::orders\/in\/\*$/),
  ]);
  expect(WriteListing.Condition).toEqual({ StringLikeIfExists: { "s3:prefix": ["out/orders", "out/orders/*"] } });
  expect(WriteKey).toMatchObject({
    Resource: [KEY_ARN],
    Condition: { StringEquals: { "kms:ViaService": [expect.stringMatching(/^s3\./)] } },
  });
});

test("the job's role alone is given it", () => {
  const policies = granted((flink, stack) => flink.readFrom(existing(stack).prefix("in/")));
  for (const { role } of Object.values(policies)) expect(role).toMatch(/aws_iam_role\.flink_Role_Job_/);
});

test("a bucket that S3 encrypts by keys of its own is read without a key, and is refused as what is written to", () => {
  const policies = granted((flink, stack) => flink.readFrom(existing(stack, "orders", undefined).prefix("in/")));
  const bucket = synthesize((stack) => {
    const plain = DataBucket.fromDataBucketAttributes(stack, "plain", { bucketName: "plain" });
    const flink = cluster(stack);
    expect(() => flink.writeTo(plain.prefix("out/"))).toThrow(
      "stack/flink: encryptionKeyArn is undefined, but must be given for stack/plain, because what a cluster writes lies under a key of the account: encrypt the bucket with a KMS key and name that, or write to a DataBucket",
    );
    flink.readFrom(plain.prefix("in/"));
  });
  expect(Object.keys(policies)).toHaveLength(1);
  const policy = bucket.all("aws_iam_role_policy").find(({ name }) => /^read-/.test(name as string))!;
  expect(Object.keys(statements(policy.policy))).toEqual(["ReadFiles", "ReadListing"]);
});

test("the same thing granted twice is granted once", () => {
  const policies = granted((flink, stack) => {
    const bucket = existing(stack);
    for (let time = 0; time < 2; time++) flink.readFrom(bucket.prefix("in/"));
  });
  expect(Object.keys(policies)).toHaveLength(1);
});

test("as many as IAM takes for one role, and the first that is too many is refused", () => {
  synthesize((stack) => {
    const [flink, bucket] = [cluster(stack), existing(stack)];
    const grantAll = () => {
      for (let part = 1; part <= 30; part++) flink.readFrom(bucket.prefix(`part-${part}/`));
    };
    expect(grantAll).toThrow(
      /^stack\/flink: readFrom is "s3 stack\/orders part-\d+\/", but must be within what IAM takes for the jobs' role, which is 10240 characters of policies together and would be \d+: name one folder that holds several/,
    );
    const granted = flink.node.findChild("DataFlow").node.children.length;
    expect(granted).toBeGreaterThanOrEqual(8);
    expect(granted).toBeLessThanOrEqual(16);
  });
});

test("readWrite has a name of its own in the plan", () => {
  const policies = granted((flink, stack) => flink.readWrite(existing(stack).prefix("scratch/")));
  expect(Object.keys(policies)).toEqual([expect.stringMatching(/^read-write-s3-stack-orders-scratch-/)]);
});

test.each([
  ["in/", "in/"],
  ["in/", "in/orders/"],
  ["in/orders/", "in/"],
])("what is read (%s) cannot be written (%s)", (read, write) => {
  granted((flink, stack) => {
    // Two constructs may stand for one bucket.
    flink.readFrom(existing(stack).prefix(read));
    const again = DataBucket.fromDataBucketAttributes(stack, "again", {
      bucketName: "orders",
      encryptionKeyArn: KEY_ARN,
    });
    expect(() => flink.writeTo(again.prefix(write))).toThrow(
      `stack/flink: writeTo is "s3 stack/again ${write}", but must be apart from s3 stack/orders ${read}, which readFrom has already: use readWrite alone for what jobs are to read and write, or give each a part of its own`,
    );
    expect(() => flink.readWrite(again.prefix(write))).toThrow("which readFrom has already");
  });
});

test("parts of one bucket that lie apart may be read and written", () => {
  const policies = granted((flink, stack) => {
    const bucket = existing(stack);
    flink.readFrom(bucket.prefix("in/"));
    flink.writeTo(bucket.prefix("in-order/"));
  });
  expect(Object.keys(policies)).toHaveLength(2);
});

test("a bucket in which the cluster keeps its state is no source and no sink, under whatever name", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack);
    const state = existing(stack, "some-checkpoints");
    for (const act of [() => flink.readFrom(state.prefix("a/")), () => flink.writeTo(state.prefix("a/"))]) {
      expect(act).toThrow("but must be in a bucket other than those in which the cluster keeps its state");
    }
    flink.readFrom(new DataBucket(stack, "data").prefix("in/"));
  });
  // What only Terraform knows is looked at by Terraform.
  const policy = synthesized.all("aws_iam_role_policy").find(({ name }) => /^read-/.test(name as string))!;
  expect(policy.lifecycle).toEqual({
    precondition: [
      {
        condition: expect.stringMatching(/^\$\{\(?aws_s3_bucket\.data_\w+\.id != "some-checkpoints"\)?\}$/) as string,
        error_message: expect.stringContaining("readFrom is given a bucket in which the cluster keeps its own state"),
      },
    ],
  });
});

test.each([
  "",
  "/",
  "out",
  "/out/",
  "out//",
  "out/*/",
  "o?t/",
  "out/../",
  "./",
  "${x}/",
  "a b/",
  "ä/",
  `${"a".repeat(512)}/`,
])("%j is no prefix", (prefix) => {
  synthesize((stack) => {
    expect(() => existing(stack).prefix(prefix)).toThrow(/^stack\/orders: prefix is .+, but must be .+: .+$/);
  });
});

test.each([undefined, null, "s3a://orders/in/", {}, { scopeName: "x" }])(
  "%j is nothing that could be read",
  (value) => {
    synthesize((stack) => {
      const flink = cluster(stack);
      for (const method of ["readFrom", "writeTo", "readWrite"] as const) {
        expect(() => flink[method](value as never)).toThrow(`${method} is `);
      }
    });
  },
);

test("a prefix tells Flink where it is, and other systems are never the same", () => {
  synthesize((stack) => {
    const prefix = existing(stack).prefix("in/");
    expect(prefix.uri).toBe("s3a://orders/in/");
    expect(prefix._overlaps({ scopeName: "kafka" })).toBe(false);
    expect(prefix._overlaps(existing(stack, "others").prefix("in/"))).toBe(false);
  });
});

test("a bucket of ours is guarded as the cluster's own, and keeps old versions for as long as it is told", () => {
  const synthesized = synthesize((stack) => {
    cluster(stack).writeTo(new DataBucket(stack, "data").prefix("out/"));
  });
  expect(findings(synthesized)).toEqual([]);
  expect(synthesized.named("aws_s3_bucket", "data")).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(synthesized.single("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
    expect.objectContaining({ id: "old-versions", noncurrent_version_expiration: [{ noncurrent_days: 30 }] }),
    expect.objectContaining({ id: "abort-incomplete-uploads" }),
  ]);
});
