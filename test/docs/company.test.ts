import { readFileSync } from "node:fs";
import path from "node:path";
import {
  FlinkNetwork,
  KafkaAuthentication,
  KafkaCluster,
  LogDestination,
  LogIntegration,
  MetricsDestination,
  MetricsIntegration,
  OpenSearchCluster,
  PostgreSqlCluster,
  PostgreSqlGrant,
  PrivateAuthorities,
} from "../../lib";
import { cluster, someNetwork } from "../cluster/support";
import { newGrafanaDashboards } from "../cluster/bad-input/grafana-deploy";
import { synthesize } from "../support/synth";

const page = readFileSync(path.join(__dirname, "../../docs/company.md"), "utf8");
const CA = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-456789abcde";

/** The actions of all policies of roles in what a program makes. */
function actions(build: Parameters<typeof synthesize>[0]): string[] {
  return synthesize(build)
    .all("aws_iam_role_policy")
    .flatMap(({ policy }) => (JSON.parse(policy as string) as { Statement: { Action: string | string[] }[] }).Statement)
    .flatMap(({ Action }) => Action);
}

const PRIVATE: PrivateAuthorities = { nodeAuthorityArn: `${CA}0`, clientAuthorityArn: `${CA}1` };

test("the boundary of the page lets through what roles of this library are allowed, and no more", () => {
  const own = actions((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const search = new OpenSearchCluster(stack, "search", { network });
    const database = new PostgreSqlCluster(stack, "analytics", { network, databaseName: "analytics" });
    const kafka = new KafkaCluster(stack, "kafka", { network });
    kafka.addTopic("orders", { partitions: 6 });
    database.addSchema("sales");
    const user = database.addUser("orders", { grants: [PostgreSqlGrant.upsert("sales")] });
    const flink = cluster(stack, { network, nodeCount: 1 });
    flink.readFrom(kafka.topics("orders"));
    flink.writeTo(kafka.topics("enriched"));
    flink.writeTo(search.indices("orders-*"));
    flink.writeTo(user.schema("sales"));
    new LogIntegration(stack, "logs", { source: flink, destination: LogDestination.cloudWatch() });
    const destination = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });
    new MetricsIntegration(stack, "metrics", { source: flink, destination });
    newGrafanaDashboards(stack, "dashboards", { network: someNetwork(stack, "of-grafana") });
  });
  const others = actions((stack) => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_flink-AbCdEf";
    const kafka = KafkaCluster.fromKafkaClusterAttributes(stack, "kafka", {
      bootstrapServers: ["b-1.kafka.example.internal:9096"],
      securityGroupId: "sg-0123456789abcdef0",
      authentication: KafkaAuthentication.scramSha512({
        secretArn,
        encryptionKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
      }),
    });
    const flink = cluster(stack, { nodeCount: 1, network: someNetwork(stack), privateAuthorities: PRIVATE });
    flink.readFrom(kafka.topics("orders"));
  });
  const [, json] = /```json\n([^`]+"kms:[^`]+)```/.exec(page)!;
  const { Statement } = JSON.parse(json) as { Statement: { Action: string[] }[] };
  expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([...new Set([...own, ...others])].sort());
});
