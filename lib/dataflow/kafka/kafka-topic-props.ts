import { Duration } from "../../core/duration";
import { requireKnown } from "../../core/terraform/text";
import {
  OptionNames,
  refuse,
  requireBoolean,
  requireInstance,
  requireInteger,
  requireOptionsOf,
} from "../../core/validation";
import type { TopicRequest } from "../provisioning/kafka/topics-request";

/** What becomes of rows of a topic after a time. */
export enum KafkaCleanupPolicy {
  /** They are deleted when `retention` is over. */
  DELETE = "delete",
  /** Of each key the last one stays: for tables that are read anew from the beginning. */
  COMPACT = "compact",
  /** Of each key the last one stays, until `retention` is over. */
  COMPACT_AND_DELETE = "compact,delete",
}

/** What a topic of a Kafka cluster of our own can be told. */
export interface KafkaTopicProps {
  /**
   * Number of partitions, by which jobs read and write at the same time: 1 to 1000. A topic that is there and has fewer gets
   * more, and then a key is in another one than before: rows of one key no longer stand in one order. It never gets fewer.
   */
  readonly partitions: number;
  /**
   * For how long rows are kept: 1 minute to 10,000 days. Not with `KafkaCleanupPolicy.COMPACT`, by which the last row of a key
   * stays for ever.
   *
   * @default - as the brokers have it, a week where nothing else was said
   */
  readonly retention?: Duration;
  /**
   * What becomes of rows after a time.
   *
   * @default - as the brokers have it, KafkaCleanupPolicy.DELETE where nothing else was said
   */
  readonly cleanupPolicy?: KafkaCleanupPolicy;
  /**
   * Whether a topic that is there may lose rows by a shorter `retention` or another `cleanupPolicy` than it has. Without it the
   * deploy fails and changes nothing, also where the program made the topic.
   *
   * @default false
   */
  readonly allowDataLoss?: boolean;
}

const PROPS: OptionNames<KafkaTopicProps> = {
  partitions: true,
  retention: true,
  cleanupPolicy: true,
  allowDataLoss: true,
};
const MOST_PARTITIONS = 1000;
const SHORTEST_RETENTION = Duration.minutes(1);
/** One in each zone, as the cluster has it for every topic. */
const REPLICAS = 3;

/** What the deploy is told of a topic; refuses what no topic can be. */
export function topicRequest(name: string, props: KafkaTopicProps): TopicRequest {
  requireOptionsOf("props", props, PROPS, "{ partitions: 6 }");
  const { partitions, retention, cleanupPolicy, allowDataLoss = false } = props;
  requireKnown("partitions", partitions, "it is checked when the program runs");
  requireInteger("partitions", partitions, 1, MOST_PARTITIONS);
  if (retention !== undefined) requireRetention("retention", retention);
  if (cleanupPolicy !== undefined) requireCleanupPolicy("cleanupPolicy", cleanupPolicy);
  requireBoolean("allowDataLoss", allowDataLoss);
  if (cleanupPolicy === KafkaCleanupPolicy.COMPACT && retention !== undefined) {
    refuse({
      property: "retention",
      value: retention,
      allowed: "left out with KafkaCleanupPolicy.COMPACT, of which the last row of a key stays for ever",
      remedy: "leave it out, or use KafkaCleanupPolicy.COMPACT_AND_DELETE",
    });
  }
  return {
    ...{ name, partitions, replicas: REPLICAS, allowDataLoss },
    configuration: {
      ...(cleanupPolicy !== undefined && { "cleanup.policy": cleanupPolicy }),
      ...(retention !== undefined && { "retention.ms": String(retention.toMilliseconds()) }),
    },
  };
}

function requireRetention(property: string, retention: unknown): asserts retention is Duration {
  requireInstance(property, retention, Duration, "Duration.days(7)");
  if ((retention as Duration).toMilliseconds() >= SHORTEST_RETENTION.toMilliseconds()) return;
  refuse({
    property,
    value: retention,
    allowed: "a Duration of at least a minute, as jobs may be away for longer",
    remedy: "use for example Duration.days(7)",
  });
}

function requireCleanupPolicy(property: string, policy: unknown): void {
  if (Object.values(KafkaCleanupPolicy).includes(policy as KafkaCleanupPolicy)) return;
  refuse({
    property,
    value: policy,
    allowed: `one of ${Object.keys(KafkaCleanupPolicy)
      .map((name) => `KafkaCleanupPolicy.${name}`)
      .join(", ")}`,
    remedy: "use one of them",
  });
}
