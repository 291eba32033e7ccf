import { ConfigResourceTypes } from "kafkajs";
import type { Patience } from "../../../../lib/dataflow/provisioning/function/patience";
import { ProvisioningProblem } from "../../../../lib/dataflow/provisioning/function/problem";
import type { ProvisioningReport } from "../../../../lib/dataflow/provisioning/function/report";
import { provideTopics } from "../../../../lib/dataflow/provisioning/kafka/provide-topics";
import type { TopicRequest } from "../../../../lib/dataflow/provisioning/kafka/topics-request";
import { mskToken } from "../../../../lib/dataflow/provisioning/kafka/msk-token";
import { createAuthority } from "../../../lab/authority";
import { waitFor } from "../../../lab/wait-for";
import { LoopbackKafka, NEEDED } from "./loopback-kafka";

const START_MILLIS = 600_000;
const DELETE_MILLIS = 60_000;
const CREDENTIALS = { accessKeyId: "ASIAFUNCTION", secretAccessKey: "key", sessionToken: "session" };
const NO_PAUSE = { tries: 2, pauseMillis: 0 };

let kafka: LoopbackKafka;

beforeAll(async () => {
  kafka = await LoopbackKafka.start();
}, START_MILLIS);
afterAll(() => kafka?.stop());

afterEach(async () => {
  await kafka.forbidAll();
  await kafka.asClient(async (admin) => {
    const topics = await admin.listTopics();
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const isEmpty = async () => (await admin.listTopics()).length === 0;
    await waitFor(isEmpty, { timeout: DELETE_MILLIS, what: "topics to go" });
  });
});

function topic(name: string, given: Partial<TopicRequest> = {}): TopicRequest {
  return { name, partitions: 2, replicas: 1, configuration: {}, allowDataLoss: false, ...given };
}

function provide(
  topics: TopicRequest[],
  door = kafka.door,
  servers = kafka.bootstrapServers,
  patience: Patience = { tries: 200, pauseMillis: 50 },
): Promise<ProvisioningReport> {
  return provideTopics({ region: "eu-west-1", bootstrapServers: servers, topics }, door, patience);
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
  const changed = topic("orders", { partitions: 4, configuration: { "retention.ms": "-1" } });
  expect(await provide([changed])).toEqual({
    made: ["partitions of orders: 4", "retention.ms of orders: -1"],
    there: ["topic orders"],
    closed: [],
  });
  expect(await partitionsOf("orders")).toBe(4);
  expect(await settingsOf("orders")).toMatchObject({ "retention.ms": "-1", "max.message.bytes": "2000" });
});

test("a setting that brokers have as well is the topic's own, for when they have another one", async () => {
  await provide([topic("orders")]);
  const same = topic("orders", { configuration: { "cleanup.policy": "delete" } });
  expect(await provide([same])).toEqual({
    ...{ made: ["cleanup.policy of orders: delete"], there: ["topic orders"], closed: [] },
  });
  expect(await provide([same])).toEqual({ made: [], there: ["topic orders"], closed: [] });
});

test(
  "what a role may not do yet is waited for, of topics that are there and of those that are not",
  async () => {
    await provide([topic("orders")]);
    const oauthBearerProvider = async () => ({ value: await mskToken("eu-west-1", CREDENTIALS) });
    const door = { ...kafka.door, sasl: { mechanism: "oauthbearer" as const, oauthBearerProvider } };
    for (const [name, outcome] of [
      ["enriched", "made"],
      ["orders", "there"],
    ] as const) {
      const provided = provideTopics(
        { region: "eu-west-1", bootstrapServers: kafka.bootstrapServersForTokens, topics: [topic(name)] },
        door,
        { tries: 600, pauseMillis: 100 },
      );
      const isRefused = () => new RegExp(`Denied operation.*${name}`, "i").test(kafka.refusals);
      await waitFor(isRefused, { timeout: 60_000, what: "a refusal" });
      await kafka.allow(CREDENTIALS.accessKeyId, [name], NEEDED);
      expect((await provided)[outcome]).toEqual([`topic ${name}`]);
    }
  },
  START_MILLIS,
);

test("what cannot be is refused before anything is made", async () => {
  await provide([topic("orders", { partitions: 3 })]);
  expect(await sentenceOf(provide([topic("other"), topic("orders")]))).toBe(
    "the topic orders has 3 partitions, and none can be taken away: set partitions to 3",
  );
  expect(await sentenceOf(provide([topic("other"), topic("orders", { partitions: 3, replicas: 2 })]))).toMatch(
    /^the topic orders was made with 1 replicas and not with 2: /,
  );
  expect(await listed()).toEqual(["orders"]);
});

test("rows of a topic that is there go only where that was said", async () => {
  await provide([topic("orders", { configuration: { "retention.ms": "120000" } })]);
  for (const [configuration, change] of [
    [{ "retention.ms": "60000" }, "retention.ms from 120000 to 60000"],
    [{ "cleanup.policy": "compact" }, "cleanup.policy from delete to compact"],
  ] as const) {
    const refused = topic("orders", { partitions: 3, configuration });
    expect(await sentenceOf(provide([topic("other"), refused]))).toBe(
      `the topic orders is there, and a change of ${change} may delete rows of it: set allowDataLoss, or leave it as it is`,
    );
    expect(await settingsOf("orders")).toMatchObject({ "retention.ms": "120000", "cleanup.policy": "delete" });
  }
  expect(await partitionsOf("orders")).toBe(2);
  expect(await listed()).toEqual(["orders"]);
  const shorter = topic("orders", { configuration: { "retention.ms": "60000" }, allowDataLoss: true });
  expect((await provide([shorter])).made).toEqual(["retention.ms of orders: 60000"]);
});

test("what brokers refuse is told with the topic's name, and no topic is made", async () => {
  const sentence = await sentenceOf(provide([topic("good"), topic("bad", { replicas: 3 })]));
  expect(sentence).toMatch(/^the brokers localhost:\d+ refuse: .+ \(bad\)$/);
  expect(await listed()).toEqual([]);
});

test("what brokers refuse of a topic that is there is told with its name", async () => {
  await provide([topic("orders")]);
  const refused = topic("orders", { configuration: { "retention.ms": "-2" }, allowDataLoss: true });
  expect(await sentenceOf(provide([refused]))).toMatch(/^what the topic orders lacks is refused by Kafka: ./);
});

test("nobody else is taken for the brokers", async () => {
  const { certificate } = await createAuthority();
  const sentence = await sentenceOf(provide([topic("orders")], { ssl: { ca: certificate } }, undefined, NO_PAUSE));
  expect(sentence).toMatch(/certificate|signature/);
  expect(await listed()).toEqual([]);
});

test("brokers that do not answer are told of", async () => {
  // Nothing listens there: it is below what systems give to those who ask for any port.
  expect(await sentenceOf(provide([topic("orders")], kafka.door, "localhost:1", NO_PAUSE))).toMatch(
    /^the brokers localhost:1 refuse: .*ECONNREFUSED/,
  );
});
