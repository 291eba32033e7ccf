import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import {
  CheckpointBucket,
  DataBucket,
  FlinkCluster,
  FlinkNetwork,
  KafkaAuthentication,
  KafkaCluster,
  LogDestination,
  LogIntegration,
  OpenSearchAuthentication,
  OpenSearchCluster,
  Peer,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  Software,
} from "../../lib";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { TABLE } from "../cluster/bad-input/table";
import { HOSTILE_TEXTS } from "../cluster/bad-input/values";
import { cluster, flinkConfiguration, KEY_ARN } from "../cluster/support";
import type { DesiredState } from "../../lib/node/desired-state";
import { Synthesized, synthesizeStack, testStack } from "../support/synth";
import { Terraform } from "../support/terraform";

/** Texts that the table says are taken for an input. */
function taken(input: string, about?: string): string[] {
  const row = TABLE.find((each) => each.input === input && each.about === about)!;
  return row.takes.filter((value): value is string => typeof value === "string" && !value.includes("TfToken"));
}

const DESCRIPTIONS = taken("FlinkCluster.allowClientsFrom(description)");
const TAGS = taken("FlinkClusterProps.tags", "a value");
const LOCK_FILES = taken("SoftwareOptions.lockFile").slice(1);
const numbered = (values: readonly string[], prefix: string): Record<string, string> =>
  Object.fromEntries(values.map((value, index) => [`${prefix}${index}`, value]));
const CONFIGURATION = numbered(["", ...HOSTILE_TEXTS], "pipeline.global-job-parameters.text-");

const blockOf = (index: number): string => `10.2.${index}.0/24`;

/** Every hostile text that is taken, in one stack. */
function everything(): Synthesized {
  const stack = testStack();
  const network = new FlinkNetwork(stack, 'network "${x}" %{x}');
  const checkpointBucket = new CheckpointBucket(stack, "bucket ${x}\n%{x} čeština");
  const flink = cluster(stack, {
    network,
    checkpointBucket,
    flinkConfiguration: CONFIGURATION,
    tags: numbered(TAGS, "tag-"),
  });
  DESCRIPTIONS.forEach((description, index) => flink.allowClientsFrom(Peer.cidr(blockOf(index)), description));
  // Names that are known and names that are not, some of them with every text that a construct's id may hold.
  const known = DataBucket.fromDataBucketAttributes(stack, "files", {
    bucketName: "company-files",
    encryptionKeyArn: KEY_ARN,
  });
  const made = new DataBucket(stack, 'data "${x}" %{x}\n');
  for (const [index, bucket] of [known, made].entries()) {
    flink.readFrom(bucket.prefix(`in-${index}/`));
    flink.writeTo(bucket.prefix(`out-${index}/`));
    flink.readWrite(bucket.prefix(`scratch-${index}/`));
  }
  flink.readFrom(known.prefix("both/"));
  flink.writeTo(made.prefix("both/"));
  const variable = (name: string): string => new TerraformVariable(stack, name, { type: "string" }).stringValue;
  const [brokers, clusterArn, secretArn] = ["brokers", "cluster_arn", "secret_arn"].map(variable);
  const logins = [
    KafkaAuthentication.iam({ clusterArn }),
    KafkaAuthentication.scramSha512({ secretArn }),
    KafkaAuthentication.clientCertificate({ secretArn }),
  ];
  const streams = cluster(stack, { network, checkpointBucket, nodeCount: 1, clusterName: "streams" }, "streams");
  logins.forEach((authentication, index) => {
    const kafka = KafkaCluster.fromKafkaClusterAttributes(stack, `kafka-${index} "\${x}" %{x}\n`, {
      bootstrapServers: [brokers],
      port: [9098, 9096, 9094][index],
      securityGroupId: "sg-0123456789abcdef0",
      authentication,
    });
    streams.readFrom(kafka.topics(`in-${index}`));
    streams.writeTo(kafka.topics(`out-${index}`));
  });
  const own = new KafkaCluster(stack, 'kafka "${x}" %{x}\n', { network });
  streams.readFrom(own.topics("in"));
  streams.writeTo(own.topics("out"));
  const masterUserArn = variable("master_user_arn");
  streams.writeTo(new OpenSearchCluster(stack, 'search "${x}" %{x}\n', { network, masterUserArn }).indices("out-*"));
  const [host, loginArn] = ["host", "login_arn"].map(variable);
  const password = PostgreSqlAuthentication.password({ secretArn: loginArn });
  const certificateAuthorities = rdsAuthorities("eu-west-1");
  const databases = [
    PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, 'postgresql-0 "${x}" %{x}\n', {
      ...{ host, certificateAuthorities, databaseName: "company" },
      securityGroupId: "sg-0123456789abcdef0",
      authentication: password,
    }),
    new PostgreSqlCluster(stack, 'postgresql "${x}" %{x}\n', {
      ...{ network, databaseName: "company" },
      authentication: password,
    }),
  ];
  for (const database of databases) {
    streams.readFrom(database.schema("orders"));
    streams.writeTo(database.schema("revenue"));
  }
  const logsOf = (source: FlinkCluster, destination: LogDestination) =>
    new LogIntegration(stack, `logs-${source.clusterName} "\${x}" %{x}\n`, { source, destination });
  logsOf(flink, LogDestination.cloudWatch());
  const authentication = OpenSearchAuthentication.basic({ secretArn: loginArn });
  logsOf(streams, LogDestination.openSearch({ host, securityGroupId: "sg-0123456789abcdef0", authentication }));
  // No such lock file: its name stands in a precondition and in a command.
  LOCK_FILES.forEach((lockFile, index) =>
    cluster(
      stack,
      {
        network,
        checkpointBucket,
        nodeCount: 1,
        clusterName: `other-${index}`,
        software: Software.fetched({ lockFile }),
      },
      `other-${index}`,
    ),
  );
  return synthesizeStack(stack);
}

describe("hostile values that are taken", () => {
  const synthesized = everything();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hostile-values-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("are valid Terraform, all of them in one stack", async () => {
    const terraform = new Terraform(join(folder, "stack"));
    writeFileSync(join(terraform.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
    await terraform.init();
    await terraform.validate();
  }, 300_000);

  test("are read by Terraform as they were given", async () => {
    const terraform = new Terraform(join(folder, "values"));
    const object = Object.values(synthesized.resources("aws_s3_object"))[0];
    const rules = synthesized.all("aws_vpc_security_group_ingress_rule");
    const ruleOf = (index: number) => rules.find((rule) => rule.cidr_ipv4 === blockOf(index))!;
    const messages = Object.entries(synthesized.resources("terraform_data"))
      .filter(([id]) => id.includes("_Software_Missing_"))
      .map(
        ([, { lifecycle }]) =>
          (lifecycle as { precondition: { error_message: string }[] }).precondition[0].error_message,
      );
    const value = {
      // References to other resources cannot be followed here, and are not what this is about.
      state: (object.content as string).replace(/(?<!\$)\$\{(aws|data)[^}]+\}/g, "reference"),
      tags: (synthesized.all("aws_instance")[0] as { tags: Record<string, string> }).tags,
      descriptions: DESCRIPTIONS.map((_, index) => ruleOf(index).description as string),
      messages,
    };
    writeFileSync(join(terraform.dir, "values.tf.json"), JSON.stringify({ output: { values: { value } } }));
    await terraform.init();
    await terraform.apply();
    const { values } = await terraform.output<{ values: typeof value }>();

    const state = JSON.parse(values.state) as DesiredState;
    for (const node of state.nodes.keys()) expect(flinkConfiguration(state, node)).toMatchObject(CONFIGURATION);
    expect(values.tags).toMatchObject(numbered(TAGS, "tag-"));
    expect(values.descriptions).toEqual(DESCRIPTIONS);
    const lockFiles = values.messages.map((message) => message.split("` and commit ")[1]);
    expect(lockFiles.sort()).toEqual([...LOCK_FILES].sort());
  }, 300_000);
});
