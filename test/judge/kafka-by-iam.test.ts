import { CheckpointBucket, FlinkNetwork, KafkaAuthentication, KafkaCluster } from "../../lib";
import { cluster } from "../cluster/support";
import { Bench, Who } from "./bench";
import { mayDo as mayDoAs } from "./kafka-requests";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

const NAME = "company/01234567-89ab-cdef-0123-456789abcdef-2";
const arn = (type: string, name?: string) =>
  `arn:aws:kafka:${REGION}:${ACCOUNT}:${type}/${[NAME, name].filter(Boolean).join("/")}`;
const OTHER = arn("topic", "orders").replace("company", "payments");

const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const flink = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
  const kafka = KafkaCluster.fromKafkaClusterAttributes(stack, "company", {
    bootstrapServers: [`b-1.company.abc123.c2.kafka.${REGION}.amazonaws.com:9098`],
    securityGroupId: "sg-0123456789abcdef0",
    authentication: KafkaAuthentication.iam({ clusterArn: arn("cluster") }),
  });
  flink.readFrom(kafka.topics("orders"));
  flink.writeTo(kafka.topics("enriched"));
});
const bench = new Bench(policies);

const mayDo = (who: Who, action: string, resource: string) => mayDoAs(policies, bench.roleNamed(who), action, resource);

test.each([
  ["connect", "Connect", arn("cluster")],
  ["look at the source", "DescribeTopic", arn("topic", "orders")],
  ["read the source", "ReadData", arn("topic", "orders")],
  ["look at groups of its own", "DescribeGroup", arn("group", "orders.enrichment")],
  ["commit to groups of its own", "AlterGroup", arn("group", "orders.enrichment")],
  ["look at the sink", "DescribeTopic", arn("topic", "enriched")],
  ["write the sink", "WriteData", arn("topic", "enriched")],
  ["write it once", "WriteDataIdempotently", arn("cluster")],
  ["look at transactions of its own", "DescribeTransactionalId", arn("transactional-id", "orders.enrichment-0")],
  ["write in transactions of its own", "AlterTransactionalId", arn("transactional-id", "orders.enrichment-0")],
])("a job may %s", async (_, action, resource) => {
  expect(await mayDo("job", action, resource)).toBe(true);
});

const FORBIDDEN: readonly (readonly [what: string, action: string, resource: string])[] = [
  ["write the source", "WriteData", arn("topic", "orders")],
  ["delete the source", "DeleteTopic", arn("topic", "orders")],
  ["alter the source", "AlterTopic", arn("topic", "orders")],
  ["alter the source's settings", "AlterTopicDynamicConfiguration", arn("topic", "orders")],
  ["read the sink", "ReadData", arn("topic", "enriched")],
  ["delete the sink", "DeleteTopic", arn("topic", "enriched")],
  ["alter the sink", "AlterTopic", arn("topic", "enriched")],
  ["look at another topic", "DescribeTopic", arn("topic", "salaries")],
  ["read another topic", "ReadData", arn("topic", "salaries")],
  ["write another topic", "WriteData", arn("topic", "salaries")],
  ["read a topic whose name begins alike", "ReadData", arn("topic", "orders-archive")],
  ["write a topic whose name begins alike", "WriteData", arn("topic", "enriched2")],
  ["create a topic", "CreateTopic", arn("topic", "new")],
  ["read the topic of another cluster", "ReadData", OTHER],
  ["connect to another cluster", "Connect", arn("cluster").replace("company", "payments")],
  ["use a group of others", "AlterGroup", arn("group", "billing")],
  ["use a group of a cluster whose name begins alike", "AlterGroup", arn("group", "orders-eu.enrichment")],
  ["look at a group of others", "DescribeGroup", arn("group", "billing")],
  ["delete a group of its own", "DeleteGroup", arn("group", "orders.enrichment")],
  ["write in a transaction of others", "AlterTransactionalId", arn("transactional-id", "billing-0")],
  [
    "write in a transaction of a cluster whose name begins alike",
    "AlterTransactionalId",
    arn("transactional-id", "orders-eu.enrichment-0"),
  ],
  ["alter the cluster", "AlterCluster", arn("cluster")],
  ["alter the cluster's settings", "AlterClusterDynamicConfiguration", arn("cluster")],
];

test.each(FORBIDDEN)("a job may not %s", async (_, action, resource) => {
  expect(await mayDo("job", action, resource)).toBe(false);
});

test("the machine itself may not even connect", async () => {
  expect(await mayDo("machine", "Connect", arn("cluster"))).toBe(false);
  expect(await mayDo("machine", "ReadData", arn("topic", "orders"))).toBe(false);
});
