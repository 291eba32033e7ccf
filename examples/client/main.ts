import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CheckpointBucket, FlinkCluster, FlinkNetwork } from "cdktf-flink";
import { Client } from "./client";

const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });
new Client(streaming, "client", { network, flink });

app.synth();
