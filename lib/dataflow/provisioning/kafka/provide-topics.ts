import {
  Admin,
  ConfigResourceTypes,
  ConfigSource,
  Kafka,
  KafkaConfig,
  KafkaJSAggregateError,
  KafkaJSError,
  logLevel,
} from "kafkajs";
import { DEFAULT_PATIENCE, Patience, withPatience } from "../function/patience";
import { ProvisioningProblem } from "../function/problem";
import { newReport, ProvisioningReport, ReportLines } from "../function/report";
import type { TopicRequest, TopicsRequest } from "./topics-request";

const CONNECT_MILLIS = 10_000;
const REQUEST_MILLIS = 30_000;

/** How a client comes in: TLS, and who it is; and how often it tries what may pass. */
export type KafkaDoor = Pick<KafkaConfig, "ssl" | "sasl" | "retry">;

/** A topic as it is. */
interface Found {
  readonly partitions: number;
  readonly replicas: number;
}

/**
 * Brings topics to what is asked for. What cannot be is refused before anything is changed: Kafka takes no partition away, and
 * replicas are moved by people. Again, it finds everything there. It deletes nothing.
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
    logLevel: logLevel.NOTHING,
    ...door,
  });
  const admin = kafka.admin();
  try {
    // The role's policy may not hold yet, and a broker may be starting.
    await withPatience(patience, isOfKafka, () => admin.connect());
    const found = await foundOf(admin, topics);
    for (const topic of topics) refuseImpossible(topic, found.get(topic.name));
    const report = newReport();
    await createMissing(
      admin,
      topics.filter(({ name }) => !found.has(name)),
      report,
    );
    for (const topic of topics) {
      const before = found.get(topic.name);
      if (before) await bringTo(admin, topic, before, report);
    }
    return report;
  } catch (failure) {
    if (!isOfKafka(failure)) throw failure;
    throw new ProvisioningProblem(`the brokers ${bootstrapServers} refuse: ${saidBy(failure)}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function foundOf(admin: Admin, topics: readonly TopicRequest[]): Promise<Map<string, Found>> {
  // Of those alone that this client may describe, which are those that are asked for.
  const known = new Set(await admin.listTopics());
  const asked = topics.map(({ name }) => name).filter((name) => known.has(name));
  if (asked.length === 0) return new Map();
  const { topics: described } = await admin.fetchTopicMetadata({ topics: asked });
  return new Map(
    described.map(({ name, partitions }) => [
      name,
      { partitions: partitions.length, replicas: Math.max(...partitions.map(({ replicas }) => replicas.length)) },
    ]),
  );
}

function refuseImpossible({ name, partitions, replicas }: TopicRequest, found: Found | undefined): void {
  if (found !== undefined && found.partitions > partitions) {
    throw new ProvisioningProblem(
      `the topic ${name} has ${found.partitions} partitions, and none can be taken away: set partitions to ${found.partitions}`,
    );
  }
  if (found !== undefined && found.replicas !== replicas) {
    throw new ProvisioningProblem(
      `the topic ${name} has ${found.replicas} replicas, and not ${replicas}: move them with Kafka's own tools, or set replicationFactor to ${found.replicas}`,
    );
  }
}

async function createMissing(admin: Admin, topics: readonly TopicRequest[], report: ReportLines): Promise<void> {
  if (topics.length === 0) return;
  const asked = topics.map(({ name, partitions, replicas, configuration }) => ({
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: Object.entries(configuration).map(([key, value]) => ({ name: key, value })),
  }));
  // Kafka has no transaction over topics: looked at together before the first one is made.
  await admin.createTopics({ topics: asked, validateOnly: true, waitForLeaders: false });
  await admin.createTopics({ topics: asked, waitForLeaders: true });
  report.made.push(...topics.map(({ name }) => `topic ${name}`));
}

async function bringTo(admin: Admin, topic: TopicRequest, found: Found, report: ReportLines): Promise<void> {
  const { name, partitions } = topic;
  report.there.push(`topic ${name}`);
  if (found.partitions < partitions) {
    await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] });
    report.made.push(`partitions of ${name}: ${partitions}`);
  }
  await configure(admin, topic, report);
}

/** Settings that are not asked for stay as they are. */
async function configure(admin: Admin, { name, configuration }: TopicRequest, report: ReportLines): Promise<void> {
  const resource = { type: ConfigResourceTypes.TOPIC, name };
  const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  const now = resources[0].configEntries;
  const changed = Object.entries(configuration).filter(
    ([key, value]) => now.find(({ configName }) => configName === key)?.configValue !== value,
  );
  if (changed.length === 0) return;
  const own = now.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
  // This call of Kafka's takes all settings of a topic in place of those that it has.
  const all = {
    ...Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue])),
    ...configuration,
  };
  const configEntries = Object.entries(all).map(([key, value]) => ({ name: key, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  report.made.push(...changed.map(([key, value]) => `${key} of ${name}: ${value}`));
}

function isOfKafka(failure: unknown): failure is KafkaJSError | KafkaJSAggregateError {
  return failure instanceof KafkaJSError || failure instanceof KafkaJSAggregateError;
}

/** Of several topics Kafka says more than one thing. */
function saidBy(failure: KafkaJSError | KafkaJSAggregateError): string {
  if (!(failure instanceof KafkaJSAggregateError)) return failure.message;
  const ofTopics = failure.errors as unknown as readonly (Error & { readonly topic: string })[];
  return ofTopics.map(({ topic, message }) => `${message} (${topic})`).join("; ");
}
