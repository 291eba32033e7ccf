import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { KafkaAuthentication, KafkaCluster } from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import type { OthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";

/** Amazon MSK takes SCRAM there. */
export const KAFKA_PORT = 9096;
/** By which clients know the broker; its certificate is for it. */
export const KAFKA_HOST = "b-1.kafka.example.internal";
export const BROKER_NAME = "broker";
export const BROKER: OthersMachine = { name: BROKER_NAME, host: KAFKA_HOST };
/** What jobs read, and what they write: as other users, and so by connections of their own, which have the same names. */
export const SOURCE = "orders";
export const SINK = "results";
/** A topic that the reader may not read, whatever is said to nodes. */
export const OTHER_TOPIC = "other";
/** Users of Kafka, and the secret of each; with the last one jobs have nothing to do. */
export const SECRETS = {
  reader: "AmazonMSK_lab_reader",
  writer: "AmazonMSK_lab_writer",
  other: "AmazonMSK_lab_other",
} as const;
export const KAFKA_KEY_ALIAS = "alias/lab-kafka-users";

/** Passwords of Kafka's users, under a key of their own: others keep them, and were there before the cluster. */
export class KafkaUsersStack extends TerraformStack {
  public readonly reader: KafkaAuthentication;
  public readonly writer: KafkaAuthentication;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const names = Object.values(SECRETS);
    const secrets = addUserSecrets(this, { system: "Kafka", keyAlias: KAFKA_KEY_ALIAS, names });
    const [reader, writer] = secrets.map((secret) => KafkaAuthentication.scramSha512(secret));
    [this.reader, this.writer] = [reader, writer];
  }
}

/**
 * Lets jobs read topics and write another, of brokers that are in no group but one of their own; gives its id.
 *
 * @param topics what they may read
 */
export function connectToKafka(
  streaming: StreamingStack,
  { reader, writer }: KafkaUsersStack,
  topics: readonly string[],
): string {
  const brokers = new SecurityGroup(streaming, "brokers", {
    vpcId: streaming.network.vpcId,
    description: "Brokers of Kafka",
    revokeRulesOnDelete: true,
  });
  const kafkaAs = (id: string, authentication: KafkaAuthentication) =>
    KafkaCluster.fromKafkaClusterAttributes(streaming, id, {
      bootstrapServers: [`${KAFKA_HOST}:${KAFKA_PORT}`],
      securityGroupId: brokers.id,
      authentication,
    });
  const source = kafkaAs(SOURCE, reader);
  for (const topic of topics) streaming.flink.readFrom(source.topics(topic));
  streaming.flink.writeTo(kafkaAs(SINK, writer).topics(SINK));
  return brokers.id;
}
