import { Instance } from "@cdktf/provider-aws/lib/instance";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { KafkaAuthentication, KafkaCluster } from "../../../lib";
import { AwsAccount } from "../../../lib/core/terraform/aws-account";
import { accountAdministration, policyDocument } from "../../../lib/core/terraform/policy";
import type { StreamingStack } from "../../../stacks/streaming-stack";

/** Amazon MSK takes SCRAM there. */
export const KAFKA_PORT = 9096;
const KAFKA_DOMAIN = "kafka.example.internal";
/** By which clients know the broker; its certificate is for it. */
export const KAFKA_HOST = `b-1.${KAFKA_DOMAIN}`;
export const BROKER_NAME = "broker";
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
    const key = new KmsKey(this, "key", {
      description: "Passwords of users of Kafka",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([accountAdministration(AwsAccount.of(this).rootArn)]),
    });
    new KmsAlias(this, "alias", { name: KAFKA_KEY_ALIAS, targetKeyId: key.keyId });
    // Without values: these are no business of Terraform.
    const [reader, writer] = Object.values(SECRETS)
      .map((name) => new SecretsmanagerSecret(this, name, { name, kmsKeyId: key.arn, recoveryWindowInDays: 0 }))
      .map(({ arn }) => KafkaAuthentication.scramSha512({ secretArn: arn, encryptionKeyArn: key.arn }));
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

/** Somebody else's broker in the same network, and its name. */
export class KafkaStack extends TerraformStack {
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    { network }: StreamingStack,
    brokersSecurityGroupId: string,
    image: (scope: Construct) => string,
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const broker = new Instance(this, "broker", {
      ami: image(this),
      instanceType: "t3.medium",
      subnetId: network.subnetIds[0],
      vpcSecurityGroupIds: [brokersSecurityGroupId],
      metadataOptions: { httpTokens: "required" },
      rootBlockDevice: { volumeSize: 8 },
      tags: { Name: BROKER_NAME },
    });
    const zone = new Route53Zone(this, "zone", { name: KAFKA_DOMAIN, vpc: [{ vpcId: network.vpcId }] });
    new Route53Record(this, "name", {
      ...{ zoneId: zone.zoneId, name: KAFKA_HOST, type: "A", ttl: 60, records: [broker.privateIp] },
    });
  }
}
