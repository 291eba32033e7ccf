/** What a job reads of a connection to Kafka: the file of JSON that nodes have of it. */
export interface KafkaConnectionFile {
  readonly kind: "kafka";
  /** Of a client. */
  readonly properties: Readonly<Record<string, string>>;
  readonly topics: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly consumerGroupPrefix: string;
  readonly transactionalIdPrefix: string;
}

/** A job that writes the rows of a topic into files and into another topic, exactly once. */
export interface TopicJob {
  readonly source: KafkaConnectionFile;
  readonly sink: KafkaConnectionFile;
  /** Bucket and prefix of the files. */
  readonly bucket: string;
  readonly prefix: string;
  readonly parallelism: number;
  readonly checkpointIntervalSeconds: number;
}

/** The SQL script that submits the job. */
export function topicJobSql({ source, sink, ...job }: TopicJob): string {
  const [from] = source.topics.read;
  const [to] = sink.topics.write;
  const read = {
    "scan.startup.mode": "earliest-offset",
    "properties.group.id": `${source.consumerGroupPrefix}${from}`,
  };
  const written = {
    "sink.delivery-guarantee": "exactly-once",
    "sink.transactional-id-prefix": `${sink.transactionalIdPrefix}${to}`,
    // At most what a broker takes by default, which is 15 minutes.
    "properties.transaction.timeout.ms": "600000",
  };
  // Longer than checkpoints are apart, so that a fault finds files that were begun and not ended.
  const rolling = { "sink.rolling-policy.rollover-interval": "20 s", "sink.rolling-policy.check-interval": "1 s" };
  return [
    "SET 'pipeline.name' = 'topic-job';",
    `SET 'parallelism.default' = '${job.parallelism}';`,
    `SET 'execution.checkpointing.interval' = '${job.checkpointIntervalSeconds} s';`,
    table("source_topic", { connector: "kafka", topic: from, ...read, ...propertiesOf(source) }),
    table("sink_topic", { connector: "kafka", topic: to, ...written, ...propertiesOf(sink) }),
    table("sink_files", { connector: "filesystem", path: `s3a://${job.bucket}/${job.prefix}`, ...rolling }),
    "EXECUTE STATEMENT SET BEGIN",
    "INSERT INTO sink_files SELECT n FROM source_topic;",
    "INSERT INTO sink_topic SELECT n FROM source_topic;",
    "END;",
    "",
  ].join("\n");
}

function propertiesOf({ properties }: KafkaConnectionFile): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [`properties.${key}`, value]));
}

function table(name: string, options: Readonly<Record<string, string>>): string {
  const all = Object.entries({ ...options, format: "json" });
  const quoted = all.map(([key, value]) => `  '${key}'='${value.replace(/'/g, "''")}'`);
  return `CREATE TABLE ${name} (n BIGINT) WITH (\n${quoted.join(",\n")});`;
}
