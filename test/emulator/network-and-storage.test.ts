import { createPublicKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetPublicKeyCommand, SignCommand } from "@aws-sdk/client-kms";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { Construct } from "constructs";
import { DesiredStateObject } from "../../lib/cluster/desired-state-object";
import { authorityCertificate, authorityName } from "../../lib/core/x509/authority";
import { authorityAlias } from "../../lib/core/x509/authority-names";
import { ClusterAuthorities } from "../../lib/encryption/cluster-authorities";
import { Key } from "../../lib/encryption/key";
import { Egress } from "../../lib/network/egress/egress";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { ClusterFirewall } from "../../lib/network/firewall";
import { Peer } from "../../lib/network/peer";
import type { DesiredState } from "../../lib/node/desired-state";
import { CheckpointBucket } from "../../lib/storage/checkpoint-bucket";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { SoftwareBucket } from "../../lib/storage/software-bucket";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { EmulatorClients, REGION } from "./clients";
import { OfferedService, offerService } from "./endpoint-service";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
/** Two of the three in which the network stands. */
const ZONES_OF_SERVICE = [`${REGION}a`, `${REGION}b`];
/** More than S3 takes for an object. */
const DEFAULT_TAGS = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`tag-${index}`, "company"]));

let workspace: Workspace;
let terraform: Terraform;
let aws: EmulatorClients;

/** One way to another network by private addresses, and one by an endpoint service that it offers. */
function openWays(stack: Construct, elsewhere: OfferedService, network: FlinkNetwork, firewall: ClusterFirewall): void {
  const peering = new VpcPeeringConnection(stack, "peering", {
    vpcId: network.vpcId,
    peerVpcId: elsewhere.vpcId,
    autoAccept: true,
  });
  const ways = {
    peered: Egress.peered({ cidrs: ["10.20.0.0/24", "10.20.1.0/24"], vpcPeeringConnectionId: peering.id }),
    private: Egress.privateLink({ serviceName: elsewhere.serviceName, domain: "orders.example.com" }),
  };
  for (const [name, { _reach: reach }] of Object.entries(ways)) {
    const destination = { path: name, hosts: [`${name}.orders.example.com`], ports: [9092] };
    reach.checkNetwork(destination, { network, firewall });
    reach.open(destination, { network, firewall });
  }
}

beforeAll(async () => {
  workspace = await Workspace.create();
  terraform = workspace.terraform;
  aws = new EmulatorClients(REGION, workspace.socketPath);
  const elsewhere = await offerService(aws.ec2, workspace.endpoint, ZONES_OF_SERVICE);
  const synthesized = synthesize((stack) => {
    (stack.node.findChild("aws") as AwsProvider).defaultTags = [{ tags: DEFAULT_TAGS }];
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
    const state = () => ({}) as DesiredState;
    new DesiredStateObject(stack, "state", {
      ...{ clusterName: "orders", state, checkpointBucket: bucket, imageId: "ami-0123456789abcdef0", dependsOn: [] },
    });
    const firewall = new ClusterFirewall(stack, "firewall", { clusterName: "orders", network });
    firewall.allowClientsFrom(Peer.cidr("10.1.0.0/16"), "Operators");
    openWays(stack, elsewhere, network, firewall);
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  aws?.destroy();
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

describe("what was applied", () => {
  type Resource = { readonly type: string; readonly values: Readonly<Record<string, unknown>> };
  let found: readonly Resource[];
  const all = (type: string) => found.filter((each) => each.type === type).map(({ values }) => values);

  beforeAll(async () => {
    const state = (await terraform.show()) as { values: { root_module: { resources: Resource[] } } };
    found = state.values.root_module.resources;
  });

  test("has the provider's default tags, but for the object, which may not have so many", () => {
    expect(all("aws_vpc").map(({ tags_all: tags }) => tags)).toContainEqual(expect.objectContaining(DEFAULT_TAGS));
    expect(all("aws_s3_object").map(({ tags_all: tags }) => tags)).toEqual([{}]);
  });

  test("each route table has a route to each block of addresses by the peering connection", () => {
    const [{ id: peering }] = all("aws_vpc_peering_connection");
    const expected = all("aws_route_table").flatMap(({ id }) =>
      ["10.20.0.0/24", "10.20.1.0/24"].map((block) => [id, block, peering]),
    );
    const routes = all("aws_route").map((route) => [
      route.route_table_id,
      route.destination_cidr_block,
      route.vpc_peering_connection_id,
    ]);
    expect(expected).toHaveLength(6);
    expect(routes.sort()).toEqual(expected.sort());
  });

  test("the endpoint stands in the zones of the service alone, and all names in the domain lead to it", () => {
    const inZones = all("aws_subnet")
      .filter(({ availability_zone }) => ZONES_OF_SERVICE.includes(availability_zone as string))
      .map(({ id }) => id as string);
    const [endpoint] = all("aws_vpc_endpoint").filter(({ service_name }) => /vpce-svc/.test(service_name as string));
    expect(inZones).toHaveLength(2);
    expect([...(endpoint.subnet_ids as string[])].sort()).toEqual(inZones.sort());
    const [{ dns_name: name }] = endpoint.dns_entry as { dns_name: string }[];
    const names = all("aws_route53_record").map(({ fqdn, alias }) => [fqdn, (alias as { name: string }[])[0].name]);
    expect(names.sort()).toEqual([
      ["*.orders.example.com", name],
      ["orders.example.com", name],
    ]);
  });
});

describe("the authorities of a cluster", () => {
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
