import { refuse } from "../../core/validation";

/**
 * Which metrics of a cluster Amazon MSK gives to CloudWatch. Each holds what is before it; all but the first are billed.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
 */
export enum KafkaMonitoring {
  /** Of the cluster and the most necessary of each broker. */
  DEFAULT = "DEFAULT",
  /** And all of each broker. */
  PER_BROKER = "PER_BROKER",
  /** And of each topic on each broker. */
  PER_TOPIC_PER_BROKER = "PER_TOPIC_PER_BROKER",
  /** And of each partition: how far consumers are behind. */
  PER_TOPIC_PER_PARTITION = "PER_TOPIC_PER_PARTITION",
}

/** Refuses anything but a member of `KafkaMonitoring`. */
export function requireKafkaMonitoring(property: string, level: unknown): void {
  if (Object.values(KafkaMonitoring).includes(level as KafkaMonitoring)) return;
  refuse({
    property,
    value: level,
    allowed: `one of ${Object.keys(KafkaMonitoring)
      .map((name) => `KafkaMonitoring.${name}`)
      .join(", ")}`,
    remedy: "use one of them",
  });
}
