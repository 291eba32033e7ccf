import { FlinkNetwork, KafkaCluster } from "../../lib";
import { mayDo as mayDoAs } from "./kafka-requests";
import { policiesOf, statementsOfRole } from "./synthesized-account";

const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const sink = new KafkaCluster(stack, "sink", { network });
  sink.addTopic("enriched", { partitions: 6 });
  sink.addTopic("totals", { partitions: 1 });
  // Another one, of which the function knows nothing.
  new KafkaCluster(stack, "payments", { network });
});
const [role, ...others] = policies.roles.filter(({ name }) => name.startsWith("sink-provisioning-"));
const CLUSTER = statementsOfRole(role).find(({ Sid }) => Sid === "Connect")!.Resource as string[];
const arn = (type: string, name?: string) =>
  [CLUSTER[0].replace(":cluster/", `:${type}/`), name].filter(Boolean).join("/");
const OTHER = (one: string) => one.replace(/\/sink-[^/]+\//, "/payments/");

const mayDo = (action: string, resource: string) => mayDoAs(policies, role.name, action, resource);

test("the function that makes topics has one role", () => {
  expect(others).toEqual([]);
  expect(OTHER(arn("cluster"))).not.toBe(arn("cluster"));
});

test.each([
  ["connect", "Connect", arn("cluster")],
  ...["enriched", "totals"].flatMap((name) => [
    [`make ${name}`, "CreateTopic", arn("topic", name)],
    [`look at ${name}`, "DescribeTopic", arn("topic", name)],
    [`give ${name} partitions`, "AlterTopic", arn("topic", name)],
    [`look at settings of ${name}`, "DescribeTopicDynamicConfiguration", arn("topic", name)],
    [`change settings of ${name}`, "AlterTopicDynamicConfiguration", arn("topic", name)],
  ]),
])("it may %s", async (_, action, resource) => {
  expect(await mayDo(action, resource)).toBe(true);
});

test.each([
  ["read a topic", "ReadData", arn("topic", "enriched")],
  ["write a topic", "WriteData", arn("topic", "enriched")],
  ["write it once", "WriteDataIdempotently", arn("cluster")],
  ["delete a topic", "DeleteTopic", arn("topic", "enriched")],
  ["make another topic", "CreateTopic", arn("topic", "new")],
  ["make a topic whose name begins alike", "CreateTopic", arn("topic", "enriched2")],
  ["look at another topic", "DescribeTopic", arn("topic", "salaries")],
  ["change settings of another topic", "AlterTopicDynamicConfiguration", arn("topic", "salaries")],
  ["change a topic of another cluster", "AlterTopic", OTHER(arn("topic", "enriched"))],
  ["connect to another cluster", "Connect", OTHER(arn("cluster"))],
  ["take part in a group", "AlterGroup", arn("group", "streaming.enrichment")],
  ["write in a transaction", "AlterTransactionalId", arn("transactional-id", "streaming.enrichment")],
  ["change the cluster", "AlterCluster", arn("cluster")],
  ["change settings of brokers", "AlterClusterDynamicConfiguration", arn("cluster")],
])("it may not %s", async (_, action, resource) => {
  expect(await mayDo(action, resource)).toBe(false);
});
