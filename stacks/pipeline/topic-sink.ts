import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { IWriteScope, KafkaCluster } from "../../lib";
import { setBy } from "../set-by";
import { listSetting } from "../settings";
import { requireForm } from "./pipeline-settings";
import { SinkPlace } from "./sink-place";

/** A name and a number of partitions, of which the library says what each may be. */
const TOPIC = /^[^:]+:\d{1,9}$/;

/** A Kafka cluster with the topics of the settings; nothing where there are none. */
export function addTopics(scope: Construct, place: SinkPlace): IWriteScope[] {
  const topics = listSetting(scope, "sinkTopics");
  if (topics === undefined) return [];
  requireForm("sinkTopics", topics, TOPIC, {
    meaning: "names of topics, each with its number of partitions",
    example: "orders-enriched:6",
  });
  const kafka = new KafkaCluster(scope, "kafka", place);
  new TerraformOutput(scope, "kafka_brokers", { value: kafka.bootstrapServers[0] });
  new TerraformOutput(scope, "kafka_security_group", { value: kafka.securityGroupId });
  const add = (topic: string): IWriteScope => {
    const [name, partitions] = topic.split(":");
    return kafka.addTopic(name, { partitions: Number(partitions) });
  };
  return setBy(scope, { name: "sinkTopics", partitions: "sinkTopics" }, () => topics.map(add));
}
