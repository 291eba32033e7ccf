import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { IKey } from "../../encryption/i-key";

/** What `FlinkClusterAlarms` can be told. */
export interface FlinkClusterAlarmsProps {
  /**
   * Whose machines: a cluster of this program, in the same account and region, which no other `FlinkClusterAlarms` has. What
   * is only known by its attributes has no ids of machines.
   */
  readonly cluster: FlinkCluster;
  /**
   * ARN of an existing SNS topic of the same account and region, not a FIFO one. Its policy, and that of its key, have to let
   * CloudWatch and EventBridge publish (docs/alarms.md). Nothing of it is changed.
   *
   * @default - a topic of its own
   */
  readonly topicArn?: string;
  /**
   * The key that encrypts the topic of its own, with the statements of docs/alarms.md in its policy. Refused beside `topicArn`.
   *
   * @default - a key of its own, with yearly rotation
   */
  readonly encryptionKey?: IKey;
  /**
   * Where the pages of docs/runbooks are read, such as `https://wiki.example.com/flink/runbooks`: at most 200 letters, digits
   * and `-._~/`. Messages then end with the link to the page, with `.md`.
   *
   * @default - messages name the page in this package
   */
  readonly runbookUrl?: string;
  /**
   * How long the checks of what AWS runs a machine on have to fail, 1 to 60 whole minutes. AWS moves such a machine to other
   * hardware by itself, in most cases.
   *
   * @default Duration.minutes(2)
   */
  readonly systemStatusCheckAfter?: Duration;
  /**
   * How long a machine itself has to fail its check, 1 to 60 whole minutes: it does not answer on its network interface.
   *
   * @default Duration.minutes(5)
   */
  readonly instanceStatusCheckAfter?: Duration;
  /**
   * How long volumes have to be out of a machine's reach, 1 to 60 whole minutes.
   *
   * @default - 10 minutes, as AWS recommends (CloudWatch User Guide, "Recommended alarms")
   */
  readonly attachedEbsStatusCheckAfter?: Duration;
  /**
   * How long the data volume has to complete nothing that it was asked for, 1 to 60 whole minutes.
   *
   * @default - 10 minutes, as AWS recommends (CloudWatch User Guide, "Recommended alarms")
   */
  readonly stalledVolumeAfter?: Duration;
  /**
   * How long EC2 has to say nothing at all of a machine, 1 to 60 whole minutes: it is stopped or terminated.
   *
   * @default Duration.minutes(5)
   */
  readonly missingNodeAfter?: Duration;
}
