import { createPublicKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetPublicKeyCommand, SignCommand } from "@aws-sdk/client-kms";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { authorityCertificate, authorityName } from "../../lib/core/x509/authority";
import { authorityAlias } from "../../lib/core/x509/authority-names";
import { ClusterAuthorities } from "../../lib/encryption/cluster-authorities";
import { Key } from "../../lib/encryption/key";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { ClusterFirewall } from "../../lib/network/firewall";
import { Peer } from "../../lib/network/peer";
import { CheckpointBucket } from "../../lib/storage/checkpoint-bucket";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { SoftwareBucket } from "../../lib/storage/software-bucket";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { EmulatorClients, REGION } from "./clients";
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
    // A key that the same program makes is looked at in the apply, and nothing waits for that.
    const keyArn = new KmsKey(stack, "key", { deletionWindowInDays: 7 }).arn;
    new SoftwareBucket(stack, "software", {
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: Key.fromKeyAttributes(stack, "software-key", { keyArn }),
    });
    new ClusterAuthorities(stack, "authorities", { clusterName: "orders", terminationProtection: false, tags: {} });
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

describe("the authorities of a cluster", () => {
  let aws: EmulatorClients;

  beforeAll(() => (aws = new EmulatorClients(REGION, workspace.socketPath)));
  afterAll(() => aws.destroy());

  async function certificate(kind: "node" | "client") {
    const KeyId = authorityAlias(kind, "orders");
    const { PublicKey } = await aws.kms.send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
    const made = await authorityCertificate(authorityName(kind, "orders"), key, async (Message) => {
      const SigningAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256";
      const answer = await aws.kms.send(new SignCommand({ KeyId, MessageType: "RAW", Message, SigningAlgorithm }));
      return answer.Signature!;
    });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(made.verify(key)).toBe(true);
    return made;
  }

  test("are found by their names, and sign: the same bytes each time", async () => {
    const [node, again, client] = [await certificate("node"), await certificate("node"), await certificate("client")];
    expect(again.raw.equals(node.raw)).toBe(true);
    expect(client.publicKey.equals(node.publicKey)).toBe(false);
  });
});

test(
  "a destroy leaves nothing",
  async () => {
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
