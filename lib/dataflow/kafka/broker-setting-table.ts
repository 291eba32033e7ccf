/** What a setting takes: whole numbers, parts of 1, or one of several words. */
export type BrokerSetting =
  | { readonly kind: "whole"; readonly min: number; readonly max: number }
  | { readonly kind: "part" }
  | { readonly kind: "word"; readonly words: readonly string[] };

/** Kafka's `int` and `long`; what is larger than a number holds exactly nobody means. */
const INT = 2 ** 31 - 1;
const LONG = Number.MAX_SAFE_INTEGER;

const whole = (min: number, max: number): BrokerSetting => ({ kind: "whole", min, max });
const word = (...words: string[]): BrokerSetting => ({ kind: "word", words });

/**
 * The settings of brokers that Amazon MSK lets its users have, but for those that are the library's, those of ZooKeeper,
 * and what Kafka 4 has no more. Ranges are Kafka's own, or narrower ones of Amazon MSK.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html
 */
export const BROKER_SETTINGS: Readonly<Record<string, BrokerSetting>> = {
  "compression.type": word("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"),
  "connections.max.idle.ms": whole(1, LONG),
  "delete.topic.enable": word("true", "false"),
  "group.initial.rebalance.delay.ms": whole(0, INT),
  "group.max.session.timeout.ms": whole(1, INT),
  "group.min.session.timeout.ms": whole(1, INT),
  "leader.imbalance.per.broker.percentage": whole(0, 100),
  "log.cleaner.delete.retention.ms": whole(0, LONG),
  "log.cleaner.min.cleanable.ratio": { kind: "part" },
  "log.cleanup.policy": word("delete", "compact", "compact,delete", "delete,compact"),
  "log.flush.interval.messages": whole(1, LONG),
  "log.flush.interval.ms": whole(0, LONG),
  "log.message.timestamp.type": word("CreateTime", "LogAppendTime"),
  "log.retention.bytes": whole(-1, LONG),
  "log.retention.hours": whole(-1, INT),
  "log.retention.minutes": whole(-1, INT),
  "log.retention.ms": whole(-1, LONG),
  "log.roll.ms": whole(1, LONG),
  "log.segment.bytes": whole(1024 ** 2, INT),
  "max.incremental.fetch.session.cache.slots": whole(0, INT),
  "message.max.bytes": whole(0, INT),
  "num.io.threads": whole(1, INT),
  "num.network.threads": whole(1, INT),
  "num.partitions": whole(1, INT),
  "num.recovery.threads.per.data.dir": whole(1, INT),
  "num.replica.fetchers": whole(1, INT),
  "offsets.retention.minutes": whole(1, INT),
  "replica.fetch.max.bytes": whole(0, INT),
  "replica.fetch.response.max.bytes": whole(0, INT),
  "replica.lag.time.max.ms": whole(10_000, 30_000),
  "replica.selector.class": word("org.apache.kafka.common.replica.RackAwareReplicaSelector"),
  "replica.socket.receive.buffer.bytes": whole(-1, INT),
  "socket.receive.buffer.bytes": whole(-1, INT),
  "socket.request.max.bytes": whole(1, INT),
  "socket.send.buffer.bytes": whole(-1, INT),
  "transaction.max.timeout.ms": whole(1, INT),
  "transactional.id.expiration.ms": whole(1, INT),
};
