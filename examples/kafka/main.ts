import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { CheckpointBucket, FlinkCluster, FlinkNetwork, KafkaAuthentication, KafkaCluster } from "cdktf-flink";

const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

// Two clusters of Amazon MSK, in this network or in one that is peered with it: one to read from, and apart from it one
// to write to.
const clusterOf = (name: string) => {
  const text = (what: string, description: string) =>
    new TerraformVariable(streaming, `${name}_${what}`, { type: "string", description }).stringValue;
  return KafkaCluster.fromKafkaClusterAttributes(streaming, name, {
    bootstrapServers: [text("brokers", "bootstrap_brokers_sasl_iam of the cluster")],
    port: 9098,
    securityGroupId: text("security_group", "security group of its brokers"),
    authentication: KafkaAuthentication.iam({ clusterArn: text("arn", "ARN of the cluster") }),
  });
};

flink.readFrom(clusterOf("source").topics("orders")); // may read; cannot write
flink.writeTo(clusterOf("sink").topics("enriched")); // may write; cannot read

app.synth();
