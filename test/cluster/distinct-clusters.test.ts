import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { CheckpointBucket, FlinkCluster } from "../../lib";
import { cluster, KEY_ARN } from "./support";

function stackIn(app: App, id: string, told: AwsProviderConfig = {}): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1", ...told });
  return stack;
}

/** A cluster beside a bucket of its own. */
function clusterAlone(stack: TerraformStack, id: string, clusterName = "orders"): FlinkCluster {
  const checkpointBucket = CheckpointBucket.fromCheckpointBucketAttributes(stack, `${id}-bucket`, {
    ...{ bucketName: `${id}-checkpoints`, encryptionKeyArn: KEY_ARN },
  });
  return cluster(stack, { checkpointBucket, clusterName }, id);
}

test("a name is refused that another cluster of the account and region has, beside whatever bucket", () => {
  const app = Testing.app();
  const stack = stackIn(app, "one");
  clusterAlone(stack, "first");
  const sentence = (path: string) =>
    `${path}: clusterName is "orders", but must be a name that no other Flink cluster of the account and region has, and one/first has it: give one of the two another clusterName; where they go to different accounts, set allowedAccountIds of their stacks' AWS providers`;
  expect(() => clusterAlone(stack, "second")).toThrow(sentence("one/second"));
  expect(() => clusterAlone(stackIn(app, "two"), "third")).toThrow(sentence("two/third"));
  const tagged = stackIn(app, "three", { defaultTags: [{ tags: { stage: "dev" } }] });
  expect(() => clusterAlone(tagged, "fourth")).toThrow(sentence("three/fourth"));
});

test("a name is taken in another region and in another account, and another name beside it", () => {
  const app = Testing.app();
  clusterAlone(stackIn(app, "one"), "first");
  clusterAlone(stackIn(app, "two", { region: "us-east-1" }), "second");
  clusterAlone(stackIn(app, "three", { allowedAccountIds: ["210987654321"] }), "third");
  clusterAlone(stackIn(app, "four"), "fourth", "payments");
});

test("a name is taken where nobody knows the region yet, or Terraform alone", () => {
  const app = Testing.app();
  for (const id of ["one", "two"]) {
    const stack = new TerraformStack(app, id);
    const region = new TerraformVariable(stack, "region", { type: "string" }).stringValue;
    new AwsProvider(stack, "aws", { region });
    clusterAlone(stack, id);
  }
  for (const id of ["three", "four"]) clusterAlone(new TerraformStack(app, id), id, "payments");
});

test("a name is refused beside one bucket, wherever the two clusters go", () => {
  const app = Testing.app();
  cluster(stackIn(app, "one"));
  expect(() => cluster(stackIn(app, "two", { region: "us-east-1" }))).toThrow(
    'two/flink: clusterName is "orders", but must be a name that no other cluster beside this bucket has, and one/flink has it: give one of the two another clusterName',
  );
});
