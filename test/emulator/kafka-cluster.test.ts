import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { Size } from "../../lib/core/size";
import { KafkaCluster } from "../../lib/dataflow/kafka/kafka-cluster";
import { KafkaClusterProps } from "../../lib/dataflow/kafka/kafka-cluster-props";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { ADMINISTRATOR, REGION } from "./clients";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let terraform: Terraform;

/** Two brokers in each zone, so that the service names others each time that it is asked where to begin. */
function write(props: Partial<KafkaClusterProps> = {}): void {
  const { json } = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    new KafkaCluster(stack, "orders", { network, brokersPerZone: 2, removalPolicy: RemovalPolicy.DESTROY, ...props });
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(json));
}

interface Resource {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

async function resource(type: string): Promise<Readonly<Record<string, unknown>>> {
  const { values } = (await terraform.show()) as { values: { root_module: { resources: Resource[] } } };
  return values.root_module.resources.find((one) => one.type === type)!.values;
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
  "a cluster is applied, and the next plans are empty: other brokers to begin with and storage that grew change nothing",
  async () => {
    await terraform.apply();
    const { arn, bootstrap_brokers_sasl_iam: first } = await resource("aws_msk_cluster");
    expect(arn).toMatch(/^arn:aws:kafka:eu-west-1:\d{12}:cluster\/stack-orders\/[0-9a-f-]{36}-2$/);
    const held = await resource("terraform_data");
    expect(await terraform.planActions()).toEqual({});
    await growStorage(arn as string, 150);
    expect(await terraform.planActions()).toEqual({});
    await terraform.apply();
    const { bootstrap_brokers_sasl_iam: second } = await resource("aws_msk_cluster");
    expect(second).not.toBe(first);
    expect(await resource("terraform_data")).toEqual(held);
  },
  8 * MINUTES,
);

test(
  "storage that does not grow by itself grows by the program",
  async () => {
    write({ storagePerBroker: Size.gibibytes(200), maxStoragePerBroker: Size.gibibytes(200) });
    const actions = Object.values(await terraform.planActions()).sort();
    expect(actions).toEqual(["delete", "delete", "update"]);
    await terraform.apply();
    expect(await terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

test(
  "a setting more is another revision of the configuration, and the same cluster",
  async () => {
    const storage = Size.gibibytes(200);
    const configuration = { "log.retention.hours": "72" };
    write({ storagePerBroker: storage, maxStoragePerBroker: storage, configuration });
    expect(Object.values(await terraform.planActions())).toEqual(["update", "update"]);
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
