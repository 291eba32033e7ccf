import { IConstruct } from "constructs";
import { KafkaTopics } from "./kafka-topics";

/** A Kafka cluster that jobs read or write, as one of its users. */
export interface IKafkaCluster extends IConstruct {
  /**
   * Brokers to begin with, each with its port.
   * @attribute
   */
  readonly bootstrapServers: string[];

  /**
   * Topics, to hand to `readFrom`, `writeTo` or `readWrite` of a Flink cluster.
   *
   * @param names of topics, one at least, without wildcards: 1 to 249 letters, digits and `._-`
   */
  topics(...names: string[]): KafkaTopics;
}
