import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  FlinkCluster,
  FlinkNetwork,
  LogDestination,
  LogIntegration,
  LogLevel,
  OpenSearchCluster,
  Size,
} from "cdktf-flink";

// npx cdktf-flink fetch --logs, once, and then: npx cdktf deploy storage network search streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const stackOf = (id: string): TerraformStack => {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region });
  return stack;
};

// What outlives every cluster of Flink: its state, the network, and the logs.
const checkpoints = new CheckpointBucket(stackOf("storage"), "checkpoints");
const network = new FlinkNetwork(stackOf("network"), "network");
const search = new OpenSearchCluster(stackOf("search"), "search", {
  network,
  allowExplicitIndex: true, // OpenSearch Dashboards wants it
});
// Who looks at the logs is for you to say, for example: search.grantAdministration("arn:aws:iam::123456789012:role/operators");

const streaming = stackOf("streaming");
const flink = new FlinkCluster(streaming, "flink", {
  network,
  checkpointBucket: checkpoints,
  logLevels: { "org.apache.kafka": LogLevel.WARN }, // a change of it restarts nothing
});

// The deploy opens the domain to the nodes, makes the role that writes, the index template, and the policy that deletes
// indices after two weeks. Beside it nothing is to be done.
new LogIntegration(streaming, "logs", {
  source: flink,
  destination: LogDestination.openSearchCluster(search),
  retentionDays: 14,
  bufferSize: Size.gibibytes(2), // of lines on each node, for each of Flink's two processes, while the domain is away
});

app.synth();
