import { Construct } from "constructs";
import { ExistingKafkaCluster, KafkaClusterAttributes } from "./existing-kafka-cluster";
import { IKafkaCluster } from "./i-kafka-cluster";

/** Apache Kafka as a source or a sink of jobs: brokers that speak TLS, and know their users by IAM or SASL/SCRAM. */
export class KafkaCluster {
  /**
   * A Kafka cluster that exists already, of Amazon MSK or of your own. To read as one user and to write as another, give
   * it twice.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes where it is, and who jobs are for it
   */
  public static fromKafkaClusterAttributes(
    scope: Construct,
    id: string,
    attributes: KafkaClusterAttributes,
  ): IKafkaCluster {
    return new ExistingKafkaCluster(scope, id, attributes);
  }

  private constructor() {}
}
