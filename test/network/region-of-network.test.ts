import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";
import {
  CheckpointBucket,
  FlinkCluster,
  FlinkNetwork,
  KafkaCluster,
  OpenSearchCluster,
  PostgreSqlCluster,
} from "../../lib";

const ROLE_ARN = "arn:aws:iam::123456789012:role/search-admin";

function stackOf(app: App, id: string, region: string | undefined): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region });
  return stack;
}

const THAT_STAND_IN_IT: [string, (stack: TerraformStack, network: FlinkNetwork) => unknown][] = [
  [
    "a Flink cluster",
    (stack, network) =>
      new FlinkCluster(stack, "a", { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") }),
  ],
  ["a Kafka cluster", (stack, network) => new KafkaCluster(stack, "a", { network })],
  ["a database", (stack, network) => new PostgreSqlCluster(stack, "a", { network, databaseName: "orders" })],
  ["a domain", (stack, network) => new OpenSearchCluster(stack, "a", { network, masterUserArn: ROLE_ARN })],
];

test.each(THAT_STAND_IN_IT)("%s in a network of another region is refused", (_, build) => {
  const app = Testing.app();
  const network = new FlinkNetwork(stackOf(app, "base", "eu-west-1"), "network");
  expect(() => build(stackOf(app, "streaming", "us-east-1"), network)).toThrow(
    /^streaming\/a: network is "the construct base\/network, whose stack is of eu-west-1", but must be a network of us-east-1, .*: make a network in a stack of that region/,
  );
});

test.each(THAT_STAND_IN_IT)(
  "%s in a network of another stack is taken where the regions are one, or not said",
  (_, build) => {
    const app = Testing.app();
    const network = new FlinkNetwork(stackOf(app, "base", "eu-west-1"), "network");
    expect(() => build(stackOf(app, "same", "eu-west-1"), network)).not.toThrow();
    expect(() => build(stackOf(app, "unsaid", undefined), network)).not.toThrow();
  },
);
