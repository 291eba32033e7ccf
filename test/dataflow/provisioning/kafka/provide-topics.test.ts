import { ConfigResourceTypes } from "kafkajs";
import { ProvisioningProblem } from "../../../../lib/dataflow/provisioning/function/problem";
import type { ProvisioningReport } from "../../../../lib/dataflow/provisioning/function/report";
import { provideTopics } from "../../../../lib/dataflow/provisioning/kafka/provide-topics";
import type { TopicRequest } from "../../../../lib/dataflow/provisioning/kafka/topics-request";
import { createAuthority } from "../../../lab/authority";
import { waitFor } from "../../../lab/wait-for";
import { LoopbackKafka } from "./loopback-kafka";

const START_MILLIS = 600_000;
const DELETE_MILLIS = 60_000;
const NO_PAUSE = { tries: 2, pauseMillis: 0 };

let kafka: LoopbackKafka;

beforeAll(async () => {
  kafka = await LoopbackKafka.start();
}, START_MILLIS);
afterAll(() => kafka?.stop());

afterEach(() =>
  kafka.asClient(async (admin) => {
    const topics = await admin.listTopics();
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const isEmpty = async () => (await admin.listTopics()).length === 0;
    await waitFor(isEmpty, { timeout: DELETE_MILLIS, what: "topics to go" });
  }),
);

function topic(name: string, given: Partial<TopicRequest> = {}): TopicRequest {
  return { name, partitions: 2, replicas: 1, configuration: {}, ...given };
}

function provide(
  topics: TopicRequest[],
  door = kafka.door,
  servers = kafka.bootstrapServers,
): Promise<ProvisioningReport> {
  return provideTopics({ region: "eu-west-1", bootstrapServers: servers, topics }, door, NO_PAUSE);
}

const partitionsOf = (name: string) =>
  kafka.asClient(async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    return topics[0].partitions.length;
  });

const settingsOf = (name: string) =>
  kafka.asClient(async (admin) => {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name }];
    const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false });
    return Object.fromEntries(found[0].configEntries.map(({ configName, configValue }) => [configName, configValue]));
  });

const listed = () => kafka.asClient(async (admin) => (await admin.listTopics()).sort());

async function sentenceOf(provided: Promise<unknown>): Promise<string> {
  const failure = await provided.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ProvisioningProblem);
  return (failure as Error).message;
}

test("topics are made as they are asked for, and found there the next time", async () => {
  const topics = [
    topic("orders", { partitions: 3, configuration: { "retention.ms": "60000", "cleanup.policy": "compact,delete" } }),
    topic("enriched"),
  ];
  expect(await provide(topics)).toEqual({ made: ["topic orders", "topic enriched"], there: [], closed: [] });
  expect(await partitionsOf("orders")).toBe(3);
  expect(await settingsOf("orders")).toMatchObject({ "retention.ms": "60000", "cleanup.policy": "compact,delete" });
  expect(await provide(topics)).toEqual({ made: [], there: ["topic orders", "topic enriched"], closed: [] });
});

test("what a topic lacks is added, and what others set stays", async () => {
  await provide([topic("orders", { configuration: { "max.message.bytes": "2000" } })]);
  const changed = topic("orders", { partitions: 4, configuration: { "retention.ms": "60000" } });
  expect(await provide([changed])).toEqual({
    made: ["partitions of orders: 4", "retention.ms of orders: 60000"],
    there: ["topic orders"],
    closed: [],
  });
  expect(await partitionsOf("orders")).toBe(4);
  expect(await settingsOf("orders")).toMatchObject({ "retention.ms": "60000", "max.message.bytes": "2000" });
});

test("what cannot be is refused before anything is made", async () => {
  await provide([topic("orders", { partitions: 3 })]);
  expect(await sentenceOf(provide([topic("other"), topic("orders")]))).toBe(
    "the topic orders has 3 partitions, and none can be taken away: set partitions to 3",
  );
  expect(await sentenceOf(provide([topic("other"), topic("orders", { partitions: 3, replicas: 2 })]))).toMatch(
    /^the topic orders has 1 replicas, and not 2: /,
  );
  expect(await listed()).toEqual(["orders"]);
});

test("what brokers refuse is told with the topic's name, and no topic is made", async () => {
  const sentence = await sentenceOf(provide([topic("good"), topic("bad", { replicas: 3 })]));
  expect(sentence).toMatch(/^the brokers localhost:\d+ refuse: .+ \(bad\)$/);
  expect(await listed()).toEqual([]);
});

test("nobody else is taken for the brokers", async () => {
  const { certificate } = await createAuthority();
  const sentence = await sentenceOf(provide([topic("orders")], { ...kafka.door, ssl: { ca: certificate } }));
  expect(sentence).toMatch(/certificate|signature/);
  expect(await listed()).toEqual([]);
});

test("brokers that do not answer are told of", async () => {
  // Nothing listens there: it is below what systems give to those who ask for any port.
  expect(await sentenceOf(provide([topic("orders")], kafka.door, "localhost:1"))).toMatch(
    /^the brokers localhost:1 refuse: .*ECONNREFUSED/,
  );
});
