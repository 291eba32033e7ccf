/**
 * Constructs and synthesizes so many clusters with what a program of the quickstart has around them, and prints how long it
 * took and what it needed of memory at its most.
 *
 *   node clusters.cjs PACKAGE COUNT FOLDER
 */
const { createRequire } = require("node:module");
const path = require("node:path");
const { startStopwatch } = require("./stopwatch.cjs");

const [, , folder, count, outdir] = process.argv;
const required = createRequire(path.join(folder, "package.json"));
const { AwsProvider } = required("@cdktf/provider-aws/lib/provider");
const { App, TerraformStack } = required("cdktf");
const { CheckpointBucket, FlinkCluster, FlinkNetwork } = required(path.join(folder, "build/lib"));

const stopwatch = startStopwatch();
const app = new App({ outdir });
const region = "eu-west-1";
const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpointBucket = new CheckpointBucket(storage, "checkpoints");
for (let number = 1; number <= Number(count); number += 1) {
  // The first has the name of the quickstart's, which is compared with what is written by hand.
  const streaming = new TerraformStack(app, number === 1 ? "streaming" : `streaming-${number}`);
  new AwsProvider(streaming, "aws", { region });
  const network = new FlinkNetwork(streaming, "network");
  const clusterName = number === 1 ? undefined : `flink-${number}`;
  new FlinkCluster(streaming, "flink", { network, checkpointBucket, clusterName });
}
stopwatch.synthesize(app);
