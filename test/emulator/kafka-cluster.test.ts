import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { Duration } from "../../lib/core/duration";
import { Size } from "../../lib/core/size";
import { KafkaCluster } from "../../lib/dataflow/kafka/kafka-cluster";
import { KafkaClusterProps } from "../../lib/dataflow/kafka/kafka-cluster-props";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { ADMINISTRATOR, REGION } from "./clients";
import { networkOfThreeZones } from "./three-zones";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let terraform: Terraform;

/** Two brokers in each zone, so that the service names others each time that it is asked where to begin. */
function write(props: Partial<KafkaClusterProps> = {}, ask: (kafka: KafkaCluster) => void = () => undefined): void {
  const { json } = synthesize((stack) => {
    const network = networkOfThreeZones(stack);
    const given = { network, brokersPerZone: 2, removalPolicy: RemovalPolicy.DESTROY, ...props };
    ask(new KafkaCluster(stack, "orders", given));
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(json));
}

interface Resource {
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The cluster as Terraform knows it, and the brokers that nodes are told of. */
async function applied() {
  const { values } = (await terraform.show()) as { values: { root_module: { resources: Resource[] } } };
  const one = (beginning: string): Resource =>
    values.root_module.resources.find(({ address }) => address.startsWith(beginning))!;
  const { output } = one("terraform_data.orders_BootstrapServers").values as { output: { servers: string } };
  return { cluster: one("aws_msk_cluster.").values, told: output.servers };
}

/** As the service does by itself when brokers fill up. */
async function growStorage(clusterArn: string, volumeSizeGB: number): Promise<void> {
  const { hostname, port } = new URL(workspace.endpoint);
  const scope = `${ADMINISTRATOR.accessKeyId}/20260101/${REGION}/kafka/aws4_request`;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const call = request(
      {
        ...{ hostname, port, method: "PUT", path: `/v1/clusters/${encodeURIComponent(clusterArn)}/nodes/storage` },
        headers: {
          "content-type": "application/json",
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
        },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    call.on("error", reject);
    const targetBrokerEBSVolumeInfo = [{ kafkaBrokerNodeId: "All", volumeSizeGB }];
    call.end(JSON.stringify({ currentVersion: "1.0", targetBrokerEBSVolumeInfo }));
  });
  expect(status).toBe(200);
}

beforeAll(async () => {
  workspace = await Workspace.create();
  terraform = workspace.terraform;
  write();
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test(
  "a cluster is applied, and then nothing is to be done: other brokers to begin with and storage that grew change nothing",
  async () => {
    await terraform.apply();
    const before = await applied();
    const { arn, bootstrap_brokers_sasl_iam: first } = before.cluster;
    expect(arn).toMatch(/^arn:aws:kafka:eu-west-1:\d{12}:cluster\/stack-orders\/[0-9a-f-]{36}-2$/);
    expect(first).toMatch(/^b-1\..+:9098,b-2\..+:9098,b-3\..+:9098$/);
    expect(before.told).toBe(first);
    await growStorage(arn as string, 150);
    await terraform.apply();
    const { cluster, told } = await applied();
    expect(cluster).toMatchObject({ arn, bootstrap_brokers_sasl_iam: expect.not.stringContaining("b-1.") as string });
    expect(told).toBe(first);
    expect(await terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

test(
  "storage grows by the program where it does not by itself, and a setting more is another revision",
  async () => {
    const storage = Size.gibibytes(200);
    write({
      storagePerBroker: storage,
      maxStoragePerBroker: storage,
      configuration: { "log.retention.hours": "72" },
    });
    expect(Object.values(await terraform.planActions()).sort()).toEqual(["delete", "delete", "update", "update"]);
    await terraform.apply();
    expect(await terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

/** Nobody plays functions here: what they make is shown in test/dataflow/provisioning. */
test(
  "topics that the deploy is to make are planned, as the provider takes them",
  async () => {
    write({}, (kafka) => kafka.addTopic("enriched", { partitions: 6, retention: Duration.days(30) }));
    try {
      const actions = await terraform.planActions();
      const created = Object.keys(actions).filter((address) => actions[address] === "create");
      expect(created.map((address) => address.split(".")[0])).toEqual(
        expect.arrayContaining(["aws_iam_role_policy", "aws_lambda_function", "aws_lambda_invocation"]),
      );
    } finally {
      write();
    }
  },
  4 * MINUTES,
);

test(
  "a destroy leaves nothing",
  async () => {
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
