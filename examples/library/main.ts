import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Aspects, TerraformStack } from "cdktf";
import { CheckpointBucket } from "cdktf-flink";
import { companyNetwork } from "./company-network";
import { OrdersPipeline } from "./orders-pipeline";
import { OwnerTags } from "./owner-tags";

// The program of a team that has one: its stacks, its conventions. What it takes from this library are constructs.
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const storage = new TerraformStack(app, "orders-storage");
new AwsProvider(storage, "aws", { region });
const checkpointBucket = new CheckpointBucket(storage, "checkpoints");

const orders = new TerraformStack(app, "orders");
new AwsProvider(orders, "aws", { region });
new OrdersPipeline(orders, "pipeline", {
  network: companyNetwork(orders, "network"),
  checkpointBucket,
  ordersBucketName: "company-orders",
});

// By stack: CDKTF asks no aspect of the app.
for (const stack of [storage, orders]) Aspects.of(stack).add(new OwnerTags("orders", "cc-42"));
app.synth();
