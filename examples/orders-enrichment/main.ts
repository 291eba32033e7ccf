import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import {
  CheckpointBucket,
  DataBucket,
  FlinkCluster,
  FlinkNetwork,
  KafkaAuthentication,
  KafkaCluster,
  OpenSearchAuthentication,
  OpenSearchCluster,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
} from "cdktf-flink";

// With TF_VAR_source_brokers=… and the other variables below set: npx cdktf deploy storage network sinks streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const stackOf = (id: string): TerraformStack => {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region });
  return stack;
};

// What outlives every cluster of Flink: its state, the files and topics that jobs write, the network.
const storage = stackOf("storage");
const checkpoints = new CheckpointBucket(storage, "checkpoints");
const files = new DataBucket(storage, "files");
const network = new FlinkNetwork(stackOf("network"), "network");
const sinks = stackOf("sinks");
const sink = new KafkaCluster(sinks, "sink", { network });

const streaming = stackOf("streaming");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints, clusterName: "orders" });

/** A value of what others keep, in this network or in one that is peered with it. */
const given = (id: string, description: string) =>
  new TerraformVariable(streaming, id, { type: "string", description }).stringValue;

const source = KafkaCluster.fromKafkaClusterAttributes(streaming, "source", {
  bootstrapServers: [given("source_brokers", "bootstrap_brokers_sasl_iam of a cluster of Amazon MSK")],
  port: 9098,
  securityGroupId: given("source_security_group", "security group of its brokers"),
  authentication: KafkaAuthentication.iam({ clusterArn: given("source_arn", "its ARN") }),
});
const analytics = PostgreSqlCluster.fromPostgreSqlClusterAttributes(streaming, "analytics", {
  // No variable: by its region the library knows the authorities that sign its certificate.
  host: process.env.ANALYTICS_HOST ?? `analytics.abcdefghijkl.${region}.rds.amazonaws.com`,
  databaseName: "company",
  securityGroupId: given("analytics_security_group", "security group of the database"),
  authentication: PostgreSqlAuthentication.password({
    secretArn: given("analytics_writer_arn", "secret with the user and password of who may write the schema"),
    encryptionKeyArn: given("analytics_writer_key_arn", "KMS key of that secret"),
  }),
});
const search = OpenSearchCluster.fromOpenSearchClusterAttributes(streaming, "search", {
  host: given("search_host", "endpoint of a domain of Amazon OpenSearch Service"),
  securityGroupId: given("search_security_group", "security group of the domain"),
  authentication: OpenSearchAuthentication.iam({ domainArn: given("search_arn", "its ARN") }),
});

flink.readFrom(source.topics("orders", "customers")); // may read; cannot write
flink.writeTo(sink.addTopic("orders-enriched", { partitions: 6 })); // may write; cannot read
flink.writeTo(analytics.schema("analytics"));
flink.writeTo(search.indices("orders-*"));
flink.writeTo(files.prefix("orders-enriched/"));

// What job.sql has to know. On a machine that may call the cluster (examples/client), with Flink's SQL client:
//   terraform -chdir=cdktf.out/stacks/streaming output -raw connection_tables > connections.sql
//   sql-client.sh --init connections.sql --file job.sql
new TerraformOutput(streaming, "connection_tables", { value: flink.connectionTables });

app.synth();
