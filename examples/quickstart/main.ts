import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CheckpointBucket, FlinkCluster, FlinkNetwork } from "cdktf-flink";

const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

// What outlives every cluster.
const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

// What can be destroyed and created anew.
const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
// In a stack of its own from the first day where databases, topics or indices of yours are to stand beside: docs/data-flow.md.
const network = new FlinkNetwork(streaming, "network");
new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

app.synth();
