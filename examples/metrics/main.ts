import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  MetricsDestination,
  MetricsIntegration,
  PostgreSqlCluster,
} from "cdktf-flink";

// npx cdktf-flink fetch --metrics, once, and then: npx cdktf deploy storage network database streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const stackOf = (id: string): TerraformStack => {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region });
  return stack;
};

// What outlives every cluster of Flink: its state, the network, and the metrics.
const checkpoints = new CheckpointBucket(stackOf("storage"), "checkpoints");
const network = new FlinkNetwork(stackOf("network"), "network");
const database = new PostgreSqlCluster(stackOf("database"), "metrics", { network, databaseName: "metrics" });

const streaming = stackOf("streaming");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

// The deploy opens the database to the nodes, and makes the schema, who writes it and who reads it: the output
// flink_metrics names the secret for Grafana. Rows go after 90 days.
new MetricsIntegration(streaming, "metrics", {
  source: flink,
  destination: MetricsDestination.postgreSqlCluster(database, { retentionDays: 90 }),
  interval: Duration.seconds(15),
  tags: { environment: "production" },
  exclude: ["flink_taskmanager_Status_Shuffle_*"],
});

app.synth();
