import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { CheckpointBucket, FlinkCluster, FlinkNetwork } from "cdktf-flink";
import { CiAccess } from "./access/ci-access";
import { keepState } from "./state";

const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";
const stateBucket = process.env.STATE_BUCKET ?? "my-company-terraform-state";
const repository = process.env.GITHUB_REPOSITORY ?? "my-company/streaming";

// Deployed by a person, who may give permissions: what holds the state, and what the workflows may.
const ci = new TerraformStack(app, "ci");
new AwsProvider(ci, "aws", { region });
const access = new CiAccess(ci, "access", {
  stateBucket,
  region,
  repository,
  branch: "main",
  environment: "production",
  stacks: ["storage", "streaming"],
});
new TerraformOutput(ci, "variables", { value: access.variables });
// The bucket is made by the first deployment, whose state moves into it after that: docs/ci.md.
if (process.env.STATE_OF_CI !== "local") keepState(ci, stateBucket, region, "ci/");

// Deployed by the workflows: what outlives every cluster, and what can be destroyed and created anew.
const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
keepState(storage, stateBucket, region);
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
keepState(streaming, stateBucket, region);
const network = new FlinkNetwork(streaming, "network");
new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

app.synth();
