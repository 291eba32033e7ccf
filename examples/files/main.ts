import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { CheckpointBucket, DataBucket, FlinkCluster, FlinkNetwork } from "cdktf-flink";

const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

// What outlives every cluster: Flink's state, and apart from it what jobs read and write.
const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");
const data = new DataBucket(storage, "data");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

const orders = data.prefix("orders/");
const enriched = data.prefix("enriched/");
flink.readFrom(orders); // may read; cannot write
flink.writeTo(enriched); // may write; cannot read anything else

// What a table of files names as its path.
new TerraformOutput(streaming, "paths", { value: { orders: orders.uri, enriched: enriched.uri } });

app.synth();
