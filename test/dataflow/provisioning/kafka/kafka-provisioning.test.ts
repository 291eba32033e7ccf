import { TerraformOutput, TerraformStack } from "cdktf";
import { Duration, FlinkNetwork, KafkaCleanupPolicy, KafkaCluster, KafkaTopicProps } from "../../../../lib";
import { LARGEST_POLICIES_OF_ROLE } from "../../../../lib/core/terraform/policy-size";
import { functionPackage } from "../../../../lib/dataflow/provisioning/function-package";
import type { TopicsRequest } from "../../../../lib/dataflow/provisioning/kafka/topics-request";
import { cluster, desiredState, someNetwork } from "../../../cluster/support";
import { findings } from "../../../rules/findings";
import { Block, statements, synthesize } from "../../../support/synth";
import { reference } from "../reference";

function kafka(stack: TerraformStack, clusterName?: string): KafkaCluster {
  return new KafkaCluster(stack, "sink", { network: someNetwork(stack, "kafka-network"), clusterName });
}

/** A cluster with two topics. */
function provided(stack: TerraformStack): KafkaCluster {
  const sink = kafka(stack);
  sink.addTopic("enriched", { partitions: 6 });
  sink.addTopic("totals", {
    partitions: 3,
    retention: Duration.days(30),
    cleanupPolicy: KafkaCleanupPolicy.COMPACT_AND_DELETE,
    allowDataLoss: true,
  });
  return sink;
}

test("a cluster of which no topic is asked has no function", () => {
  const synthesized = synthesize((stack) => {
    expect(() => kafka(stack).provisioningReport).toThrow(
      /^stack\/sink: provisioningReport is undefined, .*: call addTopic first, or leave the output out$/,
    );
  });
  expect(synthesized.all("aws_lambda_function")).toEqual([]);
  expect(synthesized.all("aws_lambda_invocation")).toEqual([]);
});

test("the function is told the topics, and only of settings that are named", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  expect(JSON.parse(synthesized.single("aws_lambda_invocation").input as string)).toEqual({
    region: expect.stringMatching(/^\$\{data\.aws_region\..+\.id\}$/) as string,
    bootstrapServers: reference(synthesized, "terraform_data", "sink_BootstrapServers_", "output.servers"),
    topics: [
      { name: "enriched", partitions: 6, replicas: 3, configuration: {}, allowDataLoss: false },
      {
        ...{ name: "totals", partitions: 3, replicas: 3, allowDataLoss: true },
        configuration: { "cleanup.policy": "compact,delete", "retention.ms": "2592000000" },
      },
    ],
  } satisfies TopicsRequest);
  expect(findings(synthesized)).toEqual([]);
});

test("what it runs comes with this package, and runs again with another one, and never because of a destroy", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const { hash } = functionPackage("kafka-provisioner");
  const lambda = synthesized.single("aws_lambda_function");
  expect(lambda).toMatchObject({
    function_name: "stack-sink-kafka-provisioner",
    filename: expect.stringMatching(/^assets\/.+\/kafka-provisioner\.zip$/) as string,
    source_code_hash: hash,
  });
  const invocation = synthesized.single("aws_lambda_invocation");
  const code = reference(synthesized, "aws_lambda_function", "sink_Provisioning_", "source_code_hash");
  expect(invocation.triggers).toEqual({ code });
  expect(invocation).not.toHaveProperty("lifecycle_scope");
});

test("it reaches the brokers at the port of IAM and nothing else, and nobody reaches it", () => {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    new KafkaCluster(stack, "sink", { network }).addTopic("enriched", { partitions: 1 });
  });
  const group = reference(synthesized, "aws_security_group", "sink_Provisioning_", "id");
  const ofBrokers = reference(synthesized, "aws_security_group", "sink_SecurityGroup_", "id");
  expect(synthesized.single("aws_lambda_function").vpc_config).toEqual({
    security_group_ids: [group],
    subnet_ids: (synthesized.single("aws_msk_cluster").broker_node_group_info as Block).client_subnets,
  });
  const doors = (type: string) =>
    synthesized
      .all(type)
      .filter((rule) => [rule.security_group_id, rule.referenced_security_group_id].includes(group))
      .map((rule) => [rule.security_group_id, rule.referenced_security_group_id, rule.from_port, rule.to_port]);
  expect(doors("aws_vpc_security_group_egress_rule")).toEqual([[group, ofBrokers, 9098, 9098]]);
  expect(doors("aws_vpc_security_group_ingress_rule")).toEqual([[ofBrokers, group, 9098, 9098]]);
  // It signs by itself, and Lambda hands it what it signs with: it needs no service of AWS.
  expect(synthesized.all("aws_vpc_endpoint").map((endpoint) => endpoint.vpc_endpoint_type)).not.toContain("Interface");
  expect(findings(synthesized)).toEqual([]);
});

test("its role makes and changes these topics, and no other, and the jobs' role none", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack);
    flink.writeTo(provided(stack).topics("enriched"));
  });
  const policy = statements(synthesized.named("aws_iam_role_policy", "sink_Provisioning_").policy);
  const clusterArn = reference(synthesized, "aws_msk_cluster", "sink_", "arn");
  expect(policy.Connect).toMatchObject({ Action: ["kafka-cluster:Connect"], Resource: [clusterArn] });
  const { Action: actions, Resource: resources } = policy.MakeTopics as Record<string, string[]>;
  expect(actions.map((action) => action.replace("kafka-cluster:", "")).sort()).toEqual([
    ...["AlterTopic", "AlterTopicDynamicConfiguration", "CreateTopic"],
    ...["DescribeTopic", "DescribeTopicDynamicConfiguration"],
  ]);
  expect(resources.map((arn) => arn.split("/").pop())).toEqual(["enriched", "totals"]);
  expect(Object.keys(policy).sort()).toEqual(["Connect", "Log", "LookAtNetwork", "MakeTopics", "NetworkInterfaces"]);
  const others = Object.entries(synthesized.resources("aws_iam_role_policy"))
    .filter(([id]) => !id.startsWith("sink_Provisioning_"))
    .map(([, { policy: text }]) => text as string);
  expect(others.some((text) => text.includes("kafka-cluster:WriteData"))).toBe(true);
  expect(others.filter((text) => /kafka-cluster:(Create|Alter)Topic/.test(text))).toEqual([]);
});

test("what it gives is handed to a cluster as the topic itself", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack);
    flink.writeTo(kafka(stack).addTopic("enriched", { partitions: 6 }));
  });
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/sink.json"));
  expect(JSON.parse(file!.content)).toMatchObject({ kind: "kafka", topics: { read: [], write: ["enriched"] } });
});

test("what was made is told by an attribute", () => {
  const synthesized = synthesize((stack) => {
    new TerraformOutput(stack, "provisioning", { value: provided(stack).provisioningReport });
  });
  const output = synthesized.json.output as Record<string, Block>;
  expect(output.provisioning.value).toBe(
    reference(synthesized, "aws_lambda_invocation", "sink_Provisioning_", "result"),
  );
});

test("the policy fits into what IAM takes, with as many topics as are taken", () => {
  const synthesized = synthesize((stack) => {
    const sink = kafka(stack, "c".repeat(64));
    const addAll = () => {
      for (let index = 0; ; index++) sink.addTopic(`orders-enriched-${index}`, { partitions: 1 });
    };
    expect(addAll).toThrow("do not fit into the policy");
  });
  const { policy } = synthesized.named("aws_iam_role_policy", "sink_Provisioning_") as { policy: string };
  const cluster = `arn:aws-us-gov:kafka:us-gov-west-1:123456789012:cluster/${"c".repeat(64)}/${"0".repeat(36)}-9999`;
  const whole = policy
    .replace(/\$\{(local|aws_msk_cluster)\.[^}]+\}/g, cluster)
    .replace(
      /\$\{aws_cloudwatch_log_group\.[^}]+\}/g,
      `arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:${"l".repeat(80)}`,
    )
    .replace(/\$\{[^}]+\}/g, "us-gov-west-1");
  expect(whole.length).toBeGreaterThan(LARGEST_POLICIES_OF_ROLE / 2);
  expect(whole.length).toBeLessThanOrEqual(LARGEST_POLICIES_OF_ROLE);
});

describe("is refused:", () => {
  const refusal = (give: (sink: KafkaCluster) => unknown): string => {
    let message = "";
    synthesize((stack) => {
      try {
        give(provided(stack));
      } catch (failure) {
        message = (failure as Error).message;
      }
    });
    return message;
  };
  const add = (given: Partial<KafkaTopicProps>) => (sink: KafkaCluster) =>
    sink.addTopic("other", { partitions: 1, ...given });

  test.each<[string, (sink: KafkaCluster) => unknown, string]>([
    [
      "a topic twice",
      (sink) => sink.addTopic("totals", { partitions: 3 }),
      'name is "totals", but must be another one, as there is a topic of this name in the program already',
    ],
    [
      "topics that only . and _ tell apart",
      (sink) => [sink.addTopic("by.country", { partitions: 1 }), sink.addTopic("by_country", { partitions: 1 })],
      'name is "by_country", but must be one that differs from by.country in more than . and _',
    ],
    [
      "a topic without a number of partitions",
      (sink) => sink.addTopic("other", undefined as never),
      "props is undefined, but must be an object of options: give for example { partitions: 6 }",
    ],
    [
      "a time for rows of which the last one stays",
      add({ cleanupPolicy: KafkaCleanupPolicy.COMPACT, retention: Duration.days(1) }),
      "retention is 1 d, but must be left out with KafkaCleanupPolicy.COMPACT",
    ],
    [
      "more topics than a policy holds",
      (sink) =>
        Array.from({ length: 100 }, (_, index) => sink.addTopic(`${"t".repeat(100)}-${index}`, { partitions: 1 })),
      "one of fewer topics, or shorter ones",
    ],
  ])("%s", (_, give, sentence) => {
    const message = refusal(give);
    expect(message).toContain(sentence);
    expect(message).toMatch(/^stack\/sink: /);
  });
});
