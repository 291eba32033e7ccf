import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { ClusterFirewall } from "../../lib/network/firewall";
import { Peer } from "../../lib/network/peer";
import { CheckpointBucket } from "../../lib/storage/checkpoint-bucket";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { SoftwareBucket } from "../../lib/storage/software-bucket";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let terraform: Terraform;

beforeAll(async () => {
  workspace = await Workspace.create();
  terraform = workspace.terraform;
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    network.addInterfaceEndpoint("kms");
    const bucket = new CheckpointBucket(stack, "checkpoints", {
      removalPolicy: RemovalPolicy.DESTROY,
      accessLogs: true,
    });
    new SoftwareBucket(stack, "software", { removalPolicy: RemovalPolicy.DESTROY });
    const content = "{}";
    const key = "desired-state/orders.json";
    const object = new S3Object(stack, "object", { bucket: bucket.bucketName, key, content });
    // After the bucket's encryption and policy, as the constructs of a cluster do.
    object.node.addDependency(bucket);
    new ClusterFirewall(stack, "firewall", { clusterName: "orders", network }).allowClientsFrom(
      Peer.cidr("10.1.0.0/16"),
      "Operators",
    );
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test(
  "network and buckets are applied, and the second plan is empty",
  async () => {
    await terraform.apply();
    expect(await terraform.stateList()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^aws_vpc\./), expect.stringMatching(/^aws_s3_object\./)]),
    );
    expect(await terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

test(
  "a destroy leaves nothing",
  async () => {
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
