import { TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { CheckpointBucket, DataBucket, FlinkCluster, IDataBucket } from "../../lib";
import { cluster, desiredState, KEY_ARN } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, synthesize } from "../support/synth";

function existing(stack: TerraformStack, bucketName = "orders", id = bucketName): IDataBucket {
  return DataBucket.fromDataBucketAttributes(stack, id, { bucketName, encryptionKeyArn: KEY_ARN });
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
    ReadFolderItself: ["s3:GetObject"],
  });
  expect(actionsOf(policies[write])).toEqual({
    WriteFiles: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    WriteListing: ["s3:ListBucket"],
    WriteKey: ["kms:Decrypt", "kms:GenerateDataKey"],
    WriteFolderItself: ["s3:GetObject"],
  });
  const { WriteFiles, WriteFolderItself, WriteListing, WriteKey } = statements(policies[write].policy);
  expect(WriteFiles.Resource).toEqual([expect.stringMatching(/:s3:::results\/out\/orders\/\*$/)]);
  expect(WriteFolderItself.Resource).toEqual([expect.stringMatching(/:s3:::results\/out\/orders$/)]);
  expect(WriteListing.Condition).toEqual({ StringLikeIfExists: { "s3:prefix": ["out/orders", "out/orders/*"] } });
  expect(WriteKey).toMatchObject({
    Resource: [KEY_ARN],
    Condition: { StringEquals: { "kms:ViaService": [expect.stringMatching(/^s3\./)] } },
  });
});

test("the job's role alone is given it", () => {
  const policies = granted((flink, stack) => flink.readFrom(existing(stack).prefix("in/")));
  expect(Object.values(policies).map(({ role }) => role)).toEqual([
    expect.stringMatching(/aws_iam_role\.flink_Role_Job_/),
  ]);
});

test("a bucket that S3 encrypts by keys of its own is read without a key, and is refused as what is written to", () => {
  const policies = granted((flink, stack) => {
    const plain = DataBucket.fromDataBucketAttributes(stack, "plain", { bucketName: "plain" });
    expect(() => flink.writeTo(plain.prefix("out/"))).toThrow(
      "stack/flink: encryptionKeyArn is undefined, but must be given to DataBucket.fromDataBucketAttributes for stack/plain, because what a cluster writes lies under a key of the account: encrypt the bucket with a KMS key and name that there, or write to a DataBucket of your own",
    );
    flink.readFrom(plain.prefix("in/"));
  });
  expect(Object.values(policies).map(actionsOf)).toEqual([
    { ReadFiles: ["s3:GetObject"], ReadListing: ["s3:ListBucket"], ReadFolderItself: ["s3:GetObject"] },
  ]);
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
      'stack/flink: readFrom is "s3 stack/orders part-14/", but must be within what IAM takes for the jobs\' role',
    );
    expect(flink.node.findChild("DataFlow").node.children).toHaveLength(13);
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
    const again = existing(stack, "orders", "again");
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

/** What Terraform is asked to look at before jobs get a policy. */
const preconditions = (policy: Block) =>
  ((policy.lifecycle as { precondition?: { condition: string }[] } | undefined)?.precondition ?? []).map(
    ({ condition }) => condition,
  );

test("a bucket in which a cluster keeps its state is no source and no sink, under whatever name", () => {
  const policies = granted((flink, stack) => {
    cluster(
      stack,
      {
        clusterName: "other",
        checkpointBucket: new CheckpointBucket(stack, "others", { bucketName: "state-of-others" }),
      },
      "other",
    );
    const others = stack.node.findChild("others") as CheckpointBucket;
    const { bucketName, encryptionKeyArn } = others;
    for (const state of [
      existing(stack, "some-checkpoints"),
      existing(stack, "state-of-others"),
      DataBucket.fromDataBucketAttributes(stack, "of-others", { bucketName, encryptionKeyArn }),
    ]) {
      for (const act of [() => flink.readFrom(state.prefix("a/")), () => flink.writeTo(state.prefix("a/"))]) {
        expect(act).toThrow(
          "but must be outside of clusters' own buckets, and this is in a bucket in which a cluster keeps its state or its software",
        );
      }
    }
    flink.readFrom(new DataBucket(stack, "data").prefix("in/"));
  });
  // What only Terraform knows is looked at by Terraform.
  const [policy] = Object.values(policies);
  expect(preconditions(policy)).toContainEqual(
    expect.stringMatching(/^\$\{\(?aws_s3_bucket\.data_\w+\.id != "some-checkpoints"\)?\}$/),
  );
});

test("the state of a cluster that comes later is found when the program is synthesized", () => {
  expect(() =>
    synthesize((stack) => {
      cluster(stack).writeTo(existing(stack, "state-of-others").prefix("software/"));
      new CheckpointBucket(stack, "others", { bucketName: "state-of-others" });
    }),
  ).toThrow("s3 stack/state-of-others software/ is in a bucket in which a cluster keeps its state or its software");
});

test("names that only Terraform knows are looked at there: they may be the same, or hold a wildcard", () => {
  const policies = granted((flink, stack) => {
    const name = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
    flink.readFrom(existing(stack, name, "source").prefix("in/"));
    flink.writeTo(existing(stack).prefix("in/"));
    flink.writeTo(existing(stack, "orders", "beside").prefix("out/"));
  });
  const of = (name: RegExp) => preconditions(Object.values(policies).find((each) => name.test(each.name as string))!);
  const [read, write, apart] = [/^read-/, /^write-s3-stack-orders-in-/, /^write-s3-stack-beside-out-/].map(of);
  expect(read).toEqual([
    '${can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.name))}',
    expect.stringMatching(/var\.name != "some-checkpoints"/),
  ]);
  expect(write).toEqual([expect.stringMatching(/"orders" != var\.name/)]);
  // Terraform refuses conditions that name nothing which it alone knows.
  expect(apart).toEqual([]);
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

test.each([
  ["out", "out/"],
  ["/out/orders", "out/orders/"],
])("%j is refused with the folder that is meant, %j", (prefix, meant) => {
  synthesize((stack) => {
    expect(() => existing(stack).prefix(prefix)).toThrow(`write "${meant}"`);
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
    expect(prefix._sameIf({ scopeName: "kafka" })).toEqual([]);
    expect(prefix._sameIf(existing(stack, "others").prefix("out/"))).toEqual([]);
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

test("jobs find where prefixes are, and Flink SQL a table of each to be like", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack);
    flink.readFrom(existing(stack, "orders").prefix("in/"));
    const results = existing(stack, "results", "Results of_jobs");
    flink.writeTo(results.prefix("out/b/"));
    flink.readWrite(results.prefix("scratch/"));
    new TerraformOutput(stack, "tables", { value: flink.connectionTables });
  });
  const { files } = desiredState(synthesized);
  const onNodes = (name: string) => files.find(({ path }) => path.endsWith(`/connections/${name}`))!.content;
  expect(JSON.parse(onNodes("orders.json"))).toEqual({
    ...{ kind: "s3", prefixes: { read: ["s3a://orders/in/"], write: [] } },
  });
  expect(JSON.parse(onNodes("results-of-jobs.json"))).toEqual({
    kind: "s3",
    prefixes: { read: ["s3a://results/scratch/"], write: ["s3a://results/out/b/", "s3a://results/scratch/"] },
  });
  const table = (name: string, path: string) =>
    `CREATE TABLE IF NOT EXISTS connections.\`${name}\` WITH (\n  'connector' = 'filesystem',\n  'path' = '${path}'\n);\n`;
  expect(
    onNodes("tables.sql")
      .split("\n\n")
      .slice(1)
      .map((one) => `${one.trim()}\n`),
  ).toEqual([
    table("orders/in", "s3a://orders/in/"),
    table("results-of-jobs/out/b", "s3a://results/out/b/"),
    table("results-of-jobs/scratch", "s3a://results/scratch/"),
  ]);
  expect((synthesized.json.output as Record<string, { value: string }>).tables.value).toBe(onNodes("tables.sql"));
});

test("two buckets that jobs would find by one name are refused", () => {
  expect(() =>
    granted((flink, stack) => {
      flink.readFrom(existing(stack, "orders").prefix("in/"));
      flink.writeTo(existing(stack, "results", "Orders").prefix("out/"));
    }),
  ).toThrow(/connectionName is "orders", but must be another one for stack\/Orders, as stack\/orders has it/);
});
