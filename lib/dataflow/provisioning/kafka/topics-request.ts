export interface TopicRequest {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  /** Of the topic, such as `retention.ms`; what is not named is as the brokers have it. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Whether one that is there may lose rows by this configuration. */
  readonly allowDataLoss: boolean;
}

/** Topics that a cluster is to have, as the deploy tells it to the function that makes them: no secret is in it. */
export interface TopicsRequest {
  readonly region: string;
  /** Brokers to begin with, as a client takes them: `host:port`, with commas between them. */
  readonly bootstrapServers: string;
  readonly topics: readonly TopicRequest[];
}
