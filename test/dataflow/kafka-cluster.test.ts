import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Testing, TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  FlinkNetwork,
  KafkaBrokerType,
  KafkaCluster,
  KafkaClusterProps,
  KafkaMonitoring,
  KafkaVersion,
  Key,
  RemovalPolicy,
  Size,
} from "../../lib";
import { cluster, desiredState, KEY_ARN, NETWORK_ATTRIBUTES, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";

/** The cluster, its key and the alias: all that would be lost with one of them. */
const UNIT = [
  ["aws_msk_cluster", "orders"],
  ["aws_kms_key", "orders_Key_"],
  ["aws_kms_alias", "orders_Key_"],
] as const;

function kafka(stack: TerraformStack, props: Partial<KafkaClusterProps> = {}, id = "orders"): KafkaCluster {
  return new KafkaCluster(stack, id, { network: someNetwork(stack, `${id}-network`), ...props });
}

const synthesized = (props: Partial<KafkaClusterProps> = {}): Synthesized => synthesize((stack) => kafka(stack, props));

const properties = (of: Synthesized): Record<string, string> =>
  Object.fromEntries(
    (of.single("aws_msk_configuration").server_properties as string)
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")),
  );

describe("by default", () => {
  const made = synthesized();
  const brokers = made.single("aws_msk_cluster");

  test("it has no findings", () => expect(findings(made)).toEqual([]));

  test("it has one broker in each of three zones, whose storage grows", () => {
    expect(brokers).toMatchObject({
      cluster_name: "stack-orders",
      kafka_version: "3.9.x.kraft",
      number_of_broker_nodes: 3,
      broker_node_group_info: {
        instance_type: "kafka.m7g.large",
        client_subnets: NETWORK_ATTRIBUTES.subnetIds,
        storage_info: { ebs_storage_info: { volume_size: 100 } },
        connectivity_info: { public_access: { type: "DISABLED" } },
      },
      enhanced_monitoring: "PER_BROKER",
    });
    const target = { scalable_dimension: "kafka:broker-storage:VolumeSize", min_capacity: 1, max_capacity: 400 };
    expect(made.single("aws_appautoscaling_target")).toMatchObject(target);
    expect(made.single("aws_appautoscaling_policy").target_tracking_scaling_policy_configuration).toEqual({
      predefined_metric_specification: { predefined_metric_type: "KafkaBrokerStorageUtilization" },
      target_value: 60,
      disable_scale_in: true,
    });
    // Else a plan would make smaller what has grown, which Amazon MSK refuses.
    expect(brokers.lifecycle.ignore_changes).toEqual([
      "broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size",
    ]);
  });

  test("brokers speak TLS alone, and know their users by IAM alone", () => {
    expect(brokers.encryption_info.encryption_in_transit).toEqual({ client_broker: "TLS", in_cluster: true });
    expect(brokers.client_authentication).toEqual({ sasl: { iam: true }, unauthenticated: false });
    expect(brokers.open_monitoring).toBeUndefined();
  });

  test("what counts as written is in two zones, nobody makes topics by a slip, and a day is the limit of transactions", () => {
    expect(properties(made)).toEqual({
      "allow.everyone.if.no.acl.found": "false",
      "auto.create.topics.enable": "false",
      "default.replication.factor": "3",
      "min.insync.replicas": "2",
      "offsets.topic.replication.factor": "3",
      "transaction.max.timeout.ms": "86400000",
      "transaction.state.log.min.isr": "2",
      "transaction.state.log.replication.factor": "3",
      "unclean.leader.election.enable": "false",
    });
  });

  test("it is retained as one unit, under a key of its own", () => {
    for (const [type, name] of UNIT) expect(made.named(type, name).lifecycle).toMatchObject({ prevent_destroy: true });
    const [key] = Object.keys(made.resources("aws_kms_key")).filter((id) => id.startsWith("orders_Key_"));
    expect(brokers.encryption_info.encryption_at_rest_kms_key_arn).toBe(`\${aws_kms_key.${key}.arn}`);
    expect(Object.keys(statements(made.named("aws_kms_key", "orders_Key_").policy))).toEqual(["AccountAdministration"]);
    for (const name of ["orders_KeyForLife_", "orders_KeyOwnerForLife_"]) {
      expect(made.named("terraform_data", name).lifecycle).toEqual({ prevent_destroy: true });
    }
  });

  test("logs of brokers are kept for a year, under a key that CloudWatch Logs may use for them alone", () => {
    const [group] = Object.keys(made.resources("aws_cloudwatch_log_group"));
    expect(made.single("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vendedlogs/msk/stack-orders",
      retention_in_days: 365,
    });
    expect(brokers.logging_info.broker_logs.cloudwatch_logs).toEqual({
      enabled: true,
      log_group: `\${aws_cloudwatch_log_group.${group}.name}`,
    });
    expect(statements(made.named("aws_kms_key", "orders_Logs_").policy).CloudWatchLogs.Condition).toEqual({
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": [
          expect.stringMatching(/:log-group:\/aws\/vendedlogs\/msk\/stack-orders$/),
        ],
      },
    });
  });

  test("its security group has no rule", () => {
    const group = made.single("aws_security_group");
    expect(group).toMatchObject({ vpc_id: NETWORK_ATTRIBUTES.vpcId, name: "kafka-stack-orders" });
    expect([group.ingress, group.egress]).toEqual([undefined, undefined]);
    expect(made.text).not.toContain("aws_vpc_security_group_");
  });
});

test("everything that can be chosen is chosen", () => {
  const made = synthesize((stack) => {
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    kafka(stack, {
      clusterName: "Company-1",
      version: KafkaVersion.of("4.1.x.kraft"),
      brokerType: KafkaBrokerType.M5_XLARGE,
      brokersPerZone: 2,
      storagePerBroker: Size.gibibytes(500),
      maxStoragePerBroker: Size.gibibytes(500),
      configuration: { "transaction.max.timeout.ms": "7200000", "log.retention.hours": "72" },
      monitoring: KafkaMonitoring.PER_TOPIC_PER_PARTITION,
      encryptionKey: key,
      logEncryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  });
  const brokers = made.single("aws_msk_cluster");
  expect(brokers).toMatchObject({
    cluster_name: "Company-1",
    kafka_version: "4.1.x.kraft",
    number_of_broker_nodes: 6,
    broker_node_group_info: {
      instance_type: "kafka.m5.xlarge",
      storage_info: { ebs_storage_info: { volume_size: 500 } },
    },
    encryption_info: { encryption_at_rest_kms_key_arn: KEY_ARN },
    enhanced_monitoring: "PER_TOPIC_PER_PARTITION",
    lifecycle: { prevent_destroy: false },
  });
  expect(brokers.lifecycle.ignore_changes).toBeUndefined();
  expect(made.all("aws_appautoscaling_target")).toEqual([]);
  expect(made.all("aws_kms_key")).toEqual([]);
  expect(made.single("aws_cloudwatch_log_group").kms_key_id).toBe(KEY_ARN);
  expect(properties(made)).toMatchObject({ "transaction.max.timeout.ms": "7200000", "log.retention.hours": "72" });
  expect(findings(made)).toEqual([]);
});

test("without protection all of the unit goes", () => {
  const made = synthesized({ removalPolicy: RemovalPolicy.DESTROY });
  for (const [type, name] of UNIT) expect(made.named(type, name).lifecycle).toMatchObject({ prevent_destroy: false });
  expect(made.named("aws_kms_key", "orders_Key_").deletion_window_in_days).toBe(7);
});

describe("a Flink cluster in another stack", () => {
  const outdir = mkdtempSync(join(tmpdir(), "kafka-cluster-"));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir });
  const stackOf = (id: string) => testStack(id, app);
  const network = new FlinkNetwork(stackOf("network"), "network");
  const storage = new CheckpointBucket(stackOf("storage"), "checkpoints");
  const sinks = stackOf("sinks");
  const enriched = new KafkaCluster(sinks, "enriched", { network });
  const streaming = stackOf("streaming");
  const flink = cluster(streaming, { network, checkpointBucket: storage, nodeCount: 1 });
  flink.writeTo(enriched.topics("orders-enriched"));
  // What stacks know of each other is settled when all of them are synthesized.
  app.synth();
  const [made, program] = ["sinks", "streaming"].map(
    (stack) => new Synthesized(JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as Block),
  );

  test("may write the topic, and nothing else of the cluster", () => {
    const [policy] = program
      .all("aws_iam_role_policy")
      .filter(({ name }) => (name as string).startsWith("write-kafka-sinks-enriched"));
    const { WriteCluster, WriteTopics, WriteTransactions, ...others } = statements(policy.policy);
    expect(others).toEqual({});
    expect(WriteCluster.Resource).toEqual([expect.stringMatching(/outputs\.cross-stack-output-aws_msk_cluster\w+arn/)]);
    expect(WriteTopics.Resource).toEqual([expect.stringMatching(/^\$\{local\.\S+\}\/orders-enriched$/)]);
    expect(WriteTransactions.Resource).toEqual([expect.stringMatching(/^\$\{local\.\S+\}\/orders\.\*$/)]);
    const conditions = (policy.lifecycle as { precondition: { condition: string }[] }).precondition;
    expect(conditions.map(({ condition }) => condition)).toEqual([
      expect.stringContaining('regex("^[A-Za-z0-9.-]+:9098(,[A-Za-z0-9.-]+:9098)*$"'),
      expect.stringContaining(":kafka:"),
    ]);
  });

  test("is let in at the port of IAM, by rules of its own stack", () => {
    const group = expect.stringMatching(/cross-stack-output-aws_security_group\w+id/) as string;
    const rules = (direction: string): Block[] =>
      program.all(`aws_vpc_security_group_${direction}_rule`).filter(({ from_port }) => from_port === 9098);
    expect(rules("ingress")).toEqual([expect.objectContaining({ security_group_id: group, to_port: 9098 })]);
    expect(rules("egress")).toEqual([expect.objectContaining({ referenced_security_group_id: group, to_port: 9098 })]);
    expect(made.text).not.toContain("aws_vpc_security_group_");
  });

  test("is told of brokers that stay the same, however many there are to begin with", () => {
    const held = made.named("terraform_data", "enriched_BootstrapServers_");
    expect(held.input.servers).toMatch(/^\$\{aws_msk_cluster\.\w+\.bootstrap_brokers_sasl_iam\}$/);
    expect(held.lifecycle).toEqual({ ignore_changes: ["input"] });
    const file = desiredState(program).files.find(({ path }) => path.endsWith("/enriched.json"));
    expect(JSON.parse(file!.content)).toMatchObject({
      properties: {
        "bootstrap.servers": expect.stringMatching(/cross-stack-output-terraform_data\w+/) as string,
        "sasl.mechanism": "AWS_MSK_IAM",
      },
      topics: { read: [], write: ["orders-enriched"] },
    });
  });

  test("leaves no findings", () => expect([...findings(made), ...findings(program)]).toEqual([]));
});

test("what is read cannot be written, also under another name", () => {
  const stack = testStack();
  const flink = cluster(stack, { nodeCount: 1 });
  const orders = kafka(stack, { connectionName: "company" });
  flink.readFrom(orders.topics("orders"));
  expect(() => flink.writeTo(orders.topics("orders"))).toThrow("which readFrom has already");
  const file = desiredState(synthesizeStack(stack)).files.find(({ path }) => path.endsWith("/company.json"));
  expect(file).toBeDefined();
});

test("a network of one zone is refused", () => {
  const stack = testStack();
  const network = new FlinkNetwork(stack, "network", { availabilityZoneCount: 1 });
  expect(() => kafka(stack, { network })).toThrow(
    'stack/orders: network is "the construct stack/network", but must be a network of three zones, as each has a replica of every topic: create a FlinkNetwork with availabilityZoneCount 3, or name three subnets',
  );
});

test.each<[Partial<KafkaClusterProps>, string]>([
  [
    { maxStoragePerBroker: Size.gibibytes(50) },
    "maxStoragePerBroker is 50 GiB, but must be at least storagePerBroker, which is 100 GiB: set it to the same for storage that does not grow",
  ],
  [
    { storagePerBroker: Size.mebibytes(1536) },
    "storagePerBroker is 1536 MiB, but must be a whole number of GiB: use for example Size.gibibytes(2)",
  ],
  [
    { configuration: { "min.insync.replicas": "1" } },
    'a key of configuration is "min.insync.replicas", but must be none that the library sets, as it does this one to 2: leave it out',
  ],
  [{ configuration: { "log.retention.hour": "1" } }, ": write log.retention.hours, or leave it out"],
  [
    { configuration: { "num.partitions": "0" } },
    'configuration["num.partitions"] is "0", but must be a text with a whole number from 1 to 2147483647: correct it, or leave it out',
  ],
])("what cannot be is refused with what to do: %#", (props, message) => {
  expect(() => synthesized(props)).toThrow(message);
});

test("where Amazon MSK lets no storage grow, none grows, and none can be asked to", () => {
  const inOsaka = () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new AwsProvider(stack, "aws", { region: "ap-northeast-3" });
    return stack;
  };
  const stack = inOsaka();
  kafka(stack);
  const made = synthesizeStack(stack);
  expect(made.all("aws_appautoscaling_target")).toEqual([]);
  expect(made.single("aws_msk_cluster").lifecycle.ignore_changes).toBeUndefined();
  expect(() => kafka(inOsaka(), { maxStoragePerBroker: Size.gibibytes(200) })).toThrow(
    "must be the same as storagePerBroker in ap-northeast-3, where Amazon MSK lets no storage grow by itself",
  );
});

test("storage grows to four times of it, and never beyond what Amazon MSK has", () => {
  const most = (gibibytes: number) =>
    synthesized({ storagePerBroker: Size.gibibytes(gibibytes) }).single("aws_appautoscaling_target")
      .max_capacity as number;
  expect([10, 4096, 10_000].map(most)).toEqual([40, 16_384, 16_384]);
});
