import { Construct } from "constructs";
import { IReadScope, KafkaAuthentication, KafkaCluster } from "../../lib";
import { setBy } from "../set-by";
import { fileSetting, listSetting, setting, SettingName, variableOf } from "../settings";
import { required } from "./pipeline-settings";

/** What the library calls them. */
const SETTINGS: Readonly<Record<string, SettingName>> = {
  bootstrapServers: "sourceBrokers",
  names: "sourceTopics",
  securityGroupId: "sourceSecurityGroup",
  clusterArn: "sourceClusterArn",
  secretArn: "sourceSecretArn",
  encryptionKeyArn: "sourceSecretKeyArn",
  certificateAuthorities: "sourceAuthorities",
};

/** Topics of a Kafka cluster that others keep, of which jobs can write none. */
export function addSource(scope: Construct): IReadScope {
  const brokers = required("sourceBrokers", listSetting(scope, "sourceBrokers"), {
    meaning: "the brokers to read from, each with its port",
    example: "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9098",
  });
  const topics = required("sourceTopics", listSetting(scope, "sourceTopics"), {
    meaning: "the topics to read",
    example: "orders,customers",
  });
  const securityGroupId = required("sourceSecurityGroup", setting(scope, "sourceSecurityGroup"), {
    meaning: "the security group of the brokers",
    example: "sg-0123456789abcdef0",
  });
  return setBy(scope, SETTINGS, () =>
    KafkaCluster.fromKafkaClusterAttributes(scope, "source", {
      bootstrapServers: brokers,
      securityGroupId,
      authentication: authentication(scope),
      certificateAuthorities: fileSetting(scope, "sourceAuthorities"),
    }).topics(...topics),
  );
}

function authentication(scope: Construct): KafkaAuthentication {
  const clusterArn = setting(scope, "sourceClusterArn");
  const secretArn = setting(scope, "sourceSecretArn");
  const variables = `${variableOf("sourceClusterArn")} and ${variableOf("sourceSecretArn")}`;
  if (clusterArn !== undefined && secretArn !== undefined) {
    throw new Error(
      `${variables} are both set, but jobs log in by one of them: take the second out for IAM, or the first for SCRAM-SHA-512`,
    );
  }
  if (clusterArn !== undefined) return KafkaAuthentication.iam({ clusterArn });
  if (secretArn === undefined) {
    throw new Error(
      `${variables} are both not set, but jobs must log in at the brokers: set the first for IAM at Amazon MSK, or the second for SCRAM-SHA-512`,
    );
  }
  return KafkaAuthentication.scramSha512({ secretArn, encryptionKeyArn: setting(scope, "sourceSecretKeyArn") });
}
