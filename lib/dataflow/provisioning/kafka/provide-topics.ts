import { Admin, Kafka, KafkaConfig, logLevel } from "kafkajs";
import { DEFAULT_PATIENCE, Patience, withPatience } from "../function/patience";
import { ProvisioningProblem } from "../function/problem";
import { newReport, ProvisioningReport, ReportLines } from "../function/report";
import { isNotAllowedYet, isOfKafka, NOT_SEEN, saidBy } from "./kafka-failure";
import { lossBy } from "./data-loss";
import { entriesOf, setSettings, settingsOf, TopicSettings } from "./topic-settings";
import type { TopicRequest, TopicsRequest } from "./topics-request";

/** As often as it is tried, the function's own time is not over before it can say what was not reached. */
const CONNECT_MILLIS = 3_000;
const RETRIES = 2;
/** What a broker is given for many partitions, and then what its answer is. */
const ACT_MILLIS = 30_000;
const REQUEST_MILLIS = 40_000;

/** How a client comes in: TLS, and who it is. */
export type KafkaDoor = Pick<KafkaConfig, "ssl" | "sasl">;

/** A topic as it is. */
interface Found {
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: TopicSettings;
}

type FoundTopics = ReadonlyMap<string, Found>;

/**
 * Brings topics to what is asked for. What cannot be is refused before anything is changed: Kafka takes no partition away,
 * replicas are moved by people, and rows go only where that was said. Again, it finds everything there. It deletes nothing.
 */
export async function provideTopics(
  { bootstrapServers, topics }: TopicsRequest,
  door: KafkaDoor,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<ProvisioningReport> {
  const kafka = new Kafka({
    clientId: "cdktf-flink",
    brokers: bootstrapServers.split(","),
    connectionTimeout: CONNECT_MILLIS,
    requestTimeout: REQUEST_MILLIS,
    retry: { retries: RETRIES },
    logLevel: logLevel.NOTHING,
    ...door,
  });
  const admin = kafka.admin();
  try {
    // The role's policy may not hold yet, and a broker may be starting.
    await withPatience(patience, isOfKafka, () => admin.connect());
    const found = await withPatience(patience, isNotAllowedYet, () => lookAt(admin, topics));
    const report = newReport();
    await createTopics(admin, missing(topics, found));
    for (const topic of topics) await withItsName(topic, () => bringTo(admin, topic, found.get(topic.name), report));
    return report;
  } catch (failure) {
    if (!isOfKafka(failure)) throw failure;
    throw new ProvisioningProblem(`the brokers ${bootstrapServers} refuse: ${saidBy(failure)}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Those of the topics that are there. Changes nothing, and fails where what is asked for cannot be. */
async function lookAt(admin: Admin, topics: readonly TopicRequest[]): Promise<FoundTopics> {
  const found = await foundOf(admin, topics);
  for (const topic of topics) refuse(topic, found.get(topic.name));
  // Kafka has no transaction over topics: looked at together before the first one is made.
  const unknown = missing(topics, found);
  if (!(await createTopics(admin, unknown, true))) {
    const names = unknown.map(({ name }) => name).join(", ");
    throw new ProvisioningProblem(`of ${names} brokers say that they are there, and not what they are like`, NOT_SEEN);
  }
  return found;
}

async function foundOf(admin: Admin, topics: readonly TopicRequest[]): Promise<FoundTopics> {
  // Of those alone that this client may describe, which are those that are asked for.
  const known = new Set(await admin.listTopics());
  const asked = topics.map(({ name }) => name).filter((name) => known.has(name));
  if (asked.length === 0) return new Map();
  const { topics: described } = await admin.fetchTopicMetadata({ topics: asked });
  const settings = await settingsOf(admin, asked);
  return new Map(
    described.map(({ name, partitions }) => {
      const replicas = Math.max(...partitions.map((partition) => partition.replicas.length));
      return [name, { partitions: partitions.length, replicas, settings: settings.get(name)! }];
    }),
  );
}

function missing(topics: readonly TopicRequest[], found: FoundTopics): readonly TopicRequest[] {
  return topics.filter(({ name }) => !found.has(name));
}

function refuse({ name, partitions, replicas, configuration, allowDataLoss }: TopicRequest, found?: Found): void {
  if (found === undefined) return;
  if (found.partitions > partitions) {
    throw new ProvisioningProblem(
      `the topic ${name} has ${found.partitions} partitions, and none can be taken away: set partitions to ${found.partitions}`,
    );
  }
  if (found.replicas !== replicas) {
    throw new ProvisioningProblem(
      `the topic ${name} was made with ${found.replicas} replicas and not with ${replicas}: give it as many with kafka-reassign-partitions.sh`,
    );
  }
  const loss = lossBy(found.settings.all, configuration);
  if (loss !== undefined && !allowDataLoss) {
    throw new ProvisioningProblem(
      `the topic ${name} is there, and a change of ${loss} may delete rows of it: set allowDataLoss, or leave it as it is`,
    );
  }
}

/** Whether one at least was not there. */
async function createTopics(admin: Admin, topics: readonly TopicRequest[], validateOnly = false): Promise<boolean> {
  const asked = topics.map(({ name, partitions, replicas, configuration }) => ({
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: entriesOf(configuration),
  }));
  if (asked.length === 0) return true;
  // Brokers that do not know of a new topic yet would be asked who leads it, and that would be a failure.
  return admin.createTopics({ topics: asked, validateOnly, timeout: ACT_MILLIS, waitForLeaders: false });
}

async function bringTo(
  admin: Admin,
  topic: TopicRequest,
  found: Found | undefined,
  report: ReportLines,
): Promise<void> {
  const { name, partitions, configuration } = topic;
  if (found === undefined) {
    report.made.push(`topic ${name}`);
    return;
  }
  report.there.push(`topic ${name}`);
  if (found.partitions < partitions) {
    await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }], timeout: ACT_MILLIS });
    report.made.push(`partitions of ${name}: ${partitions}`);
  }
  const changed = await setSettings(admin, name, found.settings, configuration);
  report.made.push(...changed.map(([key, value]) => `${key} of ${name}: ${value}`));
}

/** Of what it refuses of one topic alone, Kafka says not of which. */
async function withItsName({ name }: TopicRequest, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (failure) {
    if (!isOfKafka(failure)) throw failure;
    throw new ProvisioningProblem(`what the topic ${name} lacks is refused by Kafka: ${saidBy(failure)}`);
  }
}
