import { TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import {
  DataBucket,
  FlinkCluster,
  FlinkVersion,
  IKafkaCluster,
  KafkaAuthentication,
  KafkaCluster,
  Software,
} from "../../lib";
import type { KafkaClusterAttributes } from "../../lib";
import { cluster, desiredState, KEY_ARN } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_reader-AbCdEf";
const BROKERS = ["b-1.kafka.example.internal:9096", "b-2.kafka.example.internal:9096"];
const GROUP = "sg-0123456789abcdef0";

function kafka(stack: TerraformStack, given: Partial<KafkaClusterAttributes> = {}, id = "orders"): IKafkaCluster {
  return KafkaCluster.fromKafkaClusterAttributes(stack, id, {
    bootstrapServers: BROKERS,
    securityGroupId: GROUP,
    authentication: KafkaAuthentication.scramSha512({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
    ...given,
  });
}

/** A program of one cluster, named `orders`, and what jobs read and write. */
function program(build: (flink: FlinkCluster, stack: TerraformStack) => void): Synthesized {
  return synthesize((stack) => build(cluster(stack, { nodeCount: 1 }), stack));
}

const dataPolicies = (synthesized: Synthesized): Record<string, Block> =>
  Object.fromEntries(
    synthesized
      .all("aws_iam_role_policy")
      .filter(({ name }) => !/^flink-/.test(name as string))
      .map((policy) => [(policy.name as string).replace(/-[0-9a-f]{8}$/, ""), policy]),
  );

const rulesAtPort = (synthesized: Synthesized, direction: "egress" | "ingress", port = 9096): Block[] =>
  synthesized.all(`aws_vpc_security_group_${direction}_rule`).filter(({ from_port }) => from_port === port);

test("topics that are read open the brokers' port on both sides, and nothing else of them", () => {
  const synthesized = program((flink, stack) => flink.readFrom(kafka(stack).topics("orders")));
  const nodes = expect.stringMatching(/^\$\{aws_security_group\.flink_Firewall_nodes_\w+\.id\}$/) as string;
  expect(rulesAtPort(synthesized, "egress")).toEqual([
    expect.objectContaining({
      security_group_id: nodes,
      referenced_security_group_id: GROUP,
      from_port: 9096,
      to_port: 9096,
      ip_protocol: "tcp",
      description: "What jobs read and write: stack/orders",
    }),
  ]);
  expect(rulesAtPort(synthesized, "ingress")).toEqual([
    expect.objectContaining({ security_group_id: GROUP, referenced_security_group_id: nodes, to_port: 9096 }),
  ]);
  expect(findings(synthesized)).toEqual([]);
});

test("the jobs' role alone may read the secret, and use its key for nothing else", () => {
  const { "read-kafka-stack-orders": policy } = dataPolicies(
    program((flink, stack) => flink.readFrom(kafka(stack).topics("orders"))),
  );
  expect(policy.role).toMatch(/aws_iam_role\.flink_Role_Job_/);
  expect(statements(policy.policy)).toEqual({
    ReadCredential: expect.objectContaining({ Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET_ARN] }),
    ReadKey: expect.objectContaining({
      Action: ["kms:Decrypt"],
      Resource: [KEY_ARN],
      Condition: {
        StringEquals: {
          "kms:ViaService": [expect.stringMatching(/^secretsmanager\./)],
          "kms:EncryptionContext:SecretARN": [SECRET_ARN],
        },
      },
    }),
  });
});

const CLUSTER_ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/company/01234567-89ab-cdef-0123-456789abcdef-2";
const IN_CLUSTER = CLUSTER_ARN.split(":cluster/")[1];
const arnOf = (type: string, name: string) => `arn:aws:kafka:eu-west-1:123456789012:${type}/${IN_CLUSTER}/${name}`;
const BY_IAM: Partial<KafkaClusterAttributes> = {
  bootstrapServers: ["b-1.company.abc123.c2.kafka.eu-west-1.amazonaws.com:9098"],
  authentication: KafkaAuthentication.iam({ clusterArn: CLUSTER_ARN }),
};

test("by IAM the jobs' role may read those topics alone, and write those alone, without any secret", () => {
  const synthesized = program((flink, stack) => {
    const company = kafka(stack, BY_IAM, "company");
    flink.readFrom(company.topics("orders", "customers"));
    flink.writeTo(company.topics("enriched"));
  });
  const policies = dataPolicies(synthesized);
  const may = (name: string) =>
    Object.values(statements(policies[name].policy)).map(({ Action, Resource }) => [Action, Resource]);
  expect(may("read-kafka-stack-company")).toEqual([
    [["kafka-cluster:Connect"], [CLUSTER_ARN]],
    [
      ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
      [arnOf("topic", "customers"), arnOf("topic", "orders")],
    ],
    [["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"], [arnOf("group", "orders.*")]],
  ]);
  expect(may("write-kafka-stack-company")).toEqual([
    [["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"], [CLUSTER_ARN]],
    [["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"], [arnOf("topic", "enriched")]],
    [
      ["kafka-cluster:DescribeTransactionalId", "kafka-cluster:AlterTransactionalId"],
      [arnOf("transactional-id", "orders.*")],
    ],
  ]);
  const state = desiredState(synthesized);
  expect(state.connectionCredentials).toEqual([]);
  expect(state.software.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["flink-connector-kafka", "aws-msk-iam-auth"]),
  );
  const file = state.files.find(({ path }) => path.endsWith("/company.json"));
  expect(JSON.parse(file!.content)).toMatchObject({
    properties: {
      "sasl.mechanism": "AWS_MSK_IAM",
      "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
      "sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
    },
  });
  expect(rulesAtPort(synthesized, "egress", 9098)).toHaveLength(1);
  expect(synthesized.all("aws_vpc_endpoint").map(({ service_name }) => service_name)).not.toContainEqual(
    expect.stringContaining("secretsmanager"),
  );
});

test("one cluster is seen to be one by whatever way to log in, and by its ARN where its brokers are named apart", () => {
  program((flink, stack) => {
    flink.readFrom(kafka(stack, BY_IAM, "company").topics("orders"));
    const byScram = kafka(
      stack,
      { bootstrapServers: ["b-1.company.abc123.c2.kafka.eu-west-1.amazonaws.com:9096"] },
      "scram",
    );
    const elsewhere = kafka(stack, { ...BY_IAM, bootstrapServers: ["b-3.company.example.internal:9098"] }, "elsewhere");
    for (const again of [byScram, elsewhere]) {
      expect(() => flink.writeTo(again.topics("orders"))).toThrow("which readFrom has already");
    }
  });
});

test("a cluster that only Terraform knows is the same where it is named by the same reference, else Terraform looks", () => {
  const synthesized = program((flink, stack) => {
    const [one, other] = ["one", "other"].map((name) => new TerraformVariable(stack, name, { type: "string" }));
    const named = (id: string, variable: TerraformVariable, server: string) =>
      kafka(
        stack,
        {
          bootstrapServers: [server],
          authentication: KafkaAuthentication.iam({ clusterArn: variable.stringValue }),
        },
        id,
      );
    flink.readFrom(named("a", one, "a.example.internal:9098").topics("orders"));
    expect(() => flink.writeTo(named("b", one, "b.example.internal:9098").topics("orders"))).toThrow(
      "which readFrom has already",
    );
    flink.writeTo(named("c", other, "c.example.internal:9098").topics("orders"));
  });
  expect(JSON.stringify(dataPolicies(synthesized)["write-kafka-stack-c"].lifecycle)).toContain("var.other != var.one");
});

test("a topic more changes the policy that is there, and closes nothing", () => {
  const policyOf = (...calls: string[][]) =>
    dataPolicies(
      program((flink, stack) => {
        const company = kafka(stack, BY_IAM, "company");
        calls.forEach((names) => flink.readFrom(company.topics(...names)));
      }),
    );
  const [before, after, apart] = [[["orders"]], [["orders", "returns"]], [["orders"], ["returns"]]].map((calls) =>
    policyOf(...calls),
  );
  expect(Object.values(before)[0].name).toBe(Object.values(after)[0].name);
  expect(apart).toEqual(after);
});

test("nodes are told of a connection only after the policy that Terraform's own values are checked for", () => {
  const synthesized = program((flink, stack) => flink.readFrom(kafka(stack).topics("orders")));
  const before = synthesized.single("aws_s3_object").depends_on as string[];
  expect(before).toContainEqual(expect.stringMatching(/^aws_iam_role_policy\..*read-kafka-stack-orders/));
  for (const machine of synthesized.all("aws_instance")) {
    expect(machine.depends_on).toContainEqual(expect.stringMatching(/^aws_iam_role_policy\..*read-kafka-/));
  }
});

test("a cluster whose ARN only Terraform knows is allowed by what stands in it, in a policy that is JSON before", () => {
  const synthesized = program((flink, stack) => {
    const clusterArn = new TerraformVariable(stack, "cluster", { type: "string" }).stringValue;
    flink.readFrom(kafka(stack, { ...BY_IAM, authentication: KafkaAuthentication.iam({ clusterArn }) }).topics("x"));
  });
  const [policy] = Object.values(dataPolicies(synthesized));
  const locals = synthesized.json.locals as Record<string, string>;
  const [name] = Object.keys(locals).filter((each) => each.includes("kafka-topic"));
  expect(locals[name]).toBe('${replace(var.cluster, ":cluster/", ":topic/")}');
  expect(statements(policy.policy).ReadTopics.Resource).toEqual([`\${local.${name}}/x`]);
  expect(JSON.stringify(policy.lifecycle)).toContain("var.cluster");
});

test("nodes reach Secrets Manager by its endpoint only where something has a secret", () => {
  const services = (synthesized: Synthesized) =>
    synthesized.all("aws_vpc_endpoint").map(({ service_name }) => (service_name as string).split(".").pop());
  expect(services(program((flink, stack) => flink.readFrom(kafka(stack).topics("orders"))))).toContain(
    "secretsmanager",
  );
  expect(services(program(() => undefined))).not.toContain("secretsmanager");
});

test("nodes get the connector, what jobs are told, and which secret holds the credential", () => {
  const state = desiredState(
    program((flink, stack) => {
      const orders = kafka(stack, { connectionName: "company" });
      flink.writeTo(orders.topics("enriched", "rejected"));
      flink.readFrom(orders.topics("orders"));
      flink.readFrom(orders.topics("customers", "orders"));
    }),
  );
  expect(state.software.map(({ name }) => name)).toContain("flink-connector-kafka");
  expect(state.connectionCredentials).toEqual([{ name: "company", kind: "kafka-scram", secretArn: SECRET_ARN }]);
  const file = state.files.find(({ path }) => path === "/opt/cdktf-flink/etc/connections/company.json");
  expect(file).toMatchObject({ owner: "root", group: "flink", mode: "0640" });
  expect(JSON.parse(file!.content)).toEqual({
    kind: "kafka",
    properties: {
      "bootstrap.servers": BROKERS.join(","),
      "security.protocol": "SASL_SSL",
      "sasl.mechanism": "SCRAM-SHA-512",
      "sasl.jaas.config": "${file:/run/cdktf-flink/connections/company.properties:sasl.jaas.config}",
      "config.providers": "file",
      "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
    },
    topics: { read: ["customers", "orders"], write: ["enriched", "rejected"] },
    consumerGroupPrefix: "orders.",
    transactionalIdPrefix: "orders.",
  });
});

const BY_CERTIFICATE: Partial<KafkaClusterAttributes> = {
  bootstrapServers: ["b-1.company.abc123.c2.kafka.eu-west-1.amazonaws.com:9094"],
  authentication: KafkaAuthentication.clientCertificate({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
};

test("by a certificate nodes get it from its secret, and jobs are told where it lies", () => {
  const synthesized = program((flink, stack) => flink.readFrom(kafka(stack, BY_CERTIFICATE).topics("orders")));
  const state = desiredState(synthesized);
  expect(state.connectionCredentials).toEqual([{ name: "orders", kind: "kafka-certificate", secretArn: SECRET_ARN }]);
  expect(state.software.map(({ name }) => name)).toContain("flink-connector-kafka");
  expect(state.software.map(({ name }) => name)).not.toContain("aws-msk-iam-auth");
  const file = state.files.find(({ path }) => path.endsWith("/orders.json"));
  expect(JSON.parse(file!.content)).toMatchObject({
    properties: {
      "bootstrap.servers": "b-1.company.abc123.c2.kafka.eu-west-1.amazonaws.com:9094",
      "security.protocol": "SSL",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": "/run/cdktf-flink/connections/orders.keystore.pem",
    },
  });
  expect(file!.content).not.toContain("sasl");
  expect(rulesAtPort(synthesized, "egress", 9094)).toHaveLength(1);
  expect(Object.keys(statements(dataPolicies(synthesized)["read-kafka-stack-orders"].policy))).toEqual([
    "ReadCredential",
    "ReadKey",
  ]);
  expect(findings(synthesized)).toEqual([]);
});

test("one cluster is seen to be one by certificate as by any other way", () => {
  program((flink, stack) => {
    flink.readFrom(kafka(stack, BY_IAM, "company").topics("orders"));
    expect(() => flink.writeTo(kafka(stack, BY_CERTIFICATE, "certificate").topics("orders"))).toThrow(
      "which readFrom has already",
    );
  });
});

test.each([
  [
    "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9096",
    "at port 9094, where Amazon MSK takes client certificates",
  ],
  [
    "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9194",
    "at port 9094, where Amazon MSK takes client certificates",
  ],
  [
    "boot-abc.c2.kafka-serverless.eu-west-1.amazonaws.com:9098",
    "brokers that take client certificates, which serverless",
  ],
])("%s is refused as a broker for a certificate", (server, why) => {
  synthesize((stack) => {
    expect(() => kafka(stack, { ...BY_CERTIFICATE, bootstrapServers: [server] })).toThrow(`but must be ${why}`);
  });
});

test("a secret of another region is refused for a certificate too", () => {
  synthesize((stack) => {
    const secretArn = SECRET_ARN.replace("eu-west-1", "us-east-1");
    const authentication = KafkaAuthentication.clientCertificate({ secretArn });
    expect(() => kafka(stack, { ...BY_CERTIFICATE, authentication })).toThrow("but must be a secret of eu-west-1");
  });
});

test("a cluster without connections has neither connectors nor credentials", () => {
  const state = desiredState(program(() => undefined));
  expect(state.software.map(({ name }) => name)).not.toContain("flink-connector-kafka");
  expect(state.connectionCredentials ?? []).toEqual([]);
});

test("software that is published already is looked for before nodes are told of it, the connector too", () => {
  const synthesized = program((flink, stack) => flink.readFrom(kafka(stack).topics("orders")));
  const [looked] = Object.keys(synthesized.resources("aws_s3_object"));
  const object = synthesized.resources("aws_s3_object")[looked];
  const checks = (object.depends_on as string[]).filter((each) => each.includes("Published-"));
  expect(checks).toContainEqual(expect.stringContaining("Published-flink-connector-kafka"));
  const data = synthesized.json.data as { readonly aws_s3_objects: Record<string, { lifecycle: unknown }> };
  expect(JSON.stringify(data.aws_s3_objects)).toMatch(/--connector kafka --lock-file \S+ --bucket <bucket>/);
});

test("a line of Flink that has no connector is refused, and nothing is opened", () => {
  synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1, version: FlinkVersion.V2_3 });
    expect(() => flink.readFrom(kafka(stack).topics("orders"))).toThrow(
      'stack/flink: readFrom is "kafka stack/orders orders", but must be something that Flink 2.3 has a connector for, and of kafka there is one for Flink 1.20 and 2.2 alone: set version of the cluster to one of these lines, or leave it out',
    );
    expect(flink.node.findChild("DataFlow").node.children).toEqual([]);
  });
});

test("two systems of one name are refused", () => {
  synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1 });
    flink.readFrom(kafka(stack).topics("orders"));
    const writer = kafka(stack, { connectionName: "orders" }, "writer");
    expect(() => flink.writeTo(writer.topics("enriched"))).toThrow(
      'connectionName is "orders", but must be another one for stack/writer, as stack/orders has it in the same Flink cluster: give one of the two another connectionName',
    );
  });
});

test("one system as two users has two credentials and one door", () => {
  const synthesized = program((flink, stack) => {
    const writers = SECRET_ARN.replace("reader", "writer");
    flink.readFrom(kafka(stack).topics("orders"));
    const authentication = KafkaAuthentication.scramSha512({ secretArn: writers });
    flink.writeTo(kafka(stack, { authentication }, "Enriched Orders").topics("enriched"));
  });
  expect(desiredState(synthesized).connectionCredentials).toEqual([
    { name: "enriched-orders", kind: "kafka-scram", secretArn: expect.stringContaining("writer") },
    { name: "orders", kind: "kafka-scram", secretArn: SECRET_ARN },
  ]);
  expect(rulesAtPort(synthesized, "egress")).toHaveLength(1);
  expect(rulesAtPort(synthesized, "ingress")).toHaveLength(1);
});

test("what is read cannot be written, by whichever broker the cluster is named", () => {
  program((flink, stack) => {
    flink.readFrom(kafka(stack).topics("orders", "customers"));
    const again = kafka(stack, { bootstrapServers: [BROKERS[1].toUpperCase()] }, "again");
    expect(() => flink.writeTo(again.topics("enriched", "orders"))).toThrow(
      'writeTo is "kafka stack/again enriched orders", but must be apart from kafka stack/orders customers orders, which readFrom has already',
    );
    flink.writeTo(kafka(stack, { bootstrapServers: ["x.other.internal:9096"] }, "other").topics("orders"));
    flink.writeTo(again.topics("enriched"));
  });
});

test("topics and prefixes have nothing in common", () => {
  program((flink, stack) => {
    flink.readFrom(kafka(stack).topics("orders"));
    flink.writeTo(
      DataBucket.fromDataBucketAttributes(stack, "data", { bucketName: "data", encryptionKeyArn: KEY_ARN }).prefix(
        "orders/",
      ),
    );
  });
});

test("readWrite has the secret by one policy, and tells both to jobs", () => {
  const synthesized = program((flink, stack) => flink.readWrite(kafka(stack).topics("changelog")));
  const policies = dataPolicies(synthesized);
  expect(Object.keys(policies)).toEqual(["read-write-kafka-stack-orders"]);
  expect(Object.keys(statements(Object.values(policies)[0].policy))).toEqual([
    "ReadCredential",
    "ReadKey",
    "WriteCredential",
    "WriteKey",
  ]);
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/orders.json"));
  expect(JSON.parse(file!.content)).toMatchObject({ topics: { read: ["changelog"], write: ["changelog"] } });
});

test("Flink SQL finds a table of each connection to be like, on nodes and in an output", () => {
  const synthesized = program((flink, stack) => {
    flink.readFrom(kafka(stack).topics("orders"));
    new TerraformOutput(stack, "tables", { value: flink.connectionTables });
  });
  const { value } = (synthesized.json.output as Record<string, { value: string }>).tables;
  const login =
    "'properties.sasl.jaas.config' = '$${file:/run/cdktf-flink/connections/orders.properties:sasl.jaas.config}'";
  expect(value).toContain("CREATE TABLE IF NOT EXISTS connections.`orders` WITH (\n  'connector' = 'kafka',\n");
  // Terraform takes one of the two dollars away.
  expect(value).toContain(login);
  const onNodes = desiredState(synthesized).files.find(({ path }) => path.endsWith("/connections/tables.sql"));
  expect(onNodes!.content).toBe(value.replaceAll("$${", "${"));
});

test("brokers that only Terraform knows take a port, and their secret is looked at there", () => {
  const synthesized = program((flink, stack) => {
    const [brokers, secret] = ["brokers", "secret"].map(
      (name) => new TerraformVariable(stack, name, { type: "string" }).stringValue,
    );
    const known = {
      bootstrapServers: [brokers],
      authentication: KafkaAuthentication.scramSha512({ secretArn: secret }),
    };
    expect(() => kafka(stack, known, "without")).toThrow(
      "stack/without: port is undefined, but must be given, because only Terraform knows bootstrapServers: set port to that of the brokers, which is 9096 for SCRAM at Amazon MSK",
    );
    flink.readFrom(kafka(stack, { ...known, port: 9096 }).topics("orders"));
  });
  expect(rulesAtPort(synthesized, "egress")).toHaveLength(1);
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/orders.json"));
  expect(JSON.parse(file!.content)).toMatchObject({ properties: { "bootstrap.servers": "${var.brokers}" } });
  const [policy] = Object.values(dataPolicies(synthesized));
  const conditions = (policy.lifecycle as { precondition: { condition: string }[] }).precondition.map(
    ({ condition }) => condition,
  );
  expect(conditions).toEqual([
    '${can(regex("^[A-Za-z0-9.-]+:9096(,[A-Za-z0-9.-]+:9096)*$", var.brokers))}',
    expect.stringContaining("var.secret"),
  ]);
});

test("by IAM the port of Amazon MSK, and no other, is opened for brokers that only Terraform knows", () => {
  const synthesized = program((flink, stack) => {
    const bootstrapServers = [new TerraformVariable(stack, "brokers", { type: "string" }).stringValue];
    flink.readFrom(kafka(stack, { ...BY_IAM, bootstrapServers }, "without").topics("orders"));
    expect(() => kafka(stack, { ...BY_IAM, bootstrapServers, port: 9092 })).toThrow(
      "stack/orders: port is 9092, but must be 9098, where Amazon MSK takes IAM inside the network: set port to 9098, and bootstrapServers to what bootstrap_brokers_sasl_iam gives",
    );
  });
  expect(rulesAtPort(synthesized, "egress", 9098)).toHaveLength(1);
});

test.each([
  ["B-1.orders.abc123.c2.kafka.eu-west-1.AMAZONAWS.com:9094", "at port 9096, where Amazon MSK takes SCRAM"],
  ["b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9092", "at port 9096, where Amazon MSK takes SCRAM"],
  ["boot-abc.c2.kafka-serverless.eu-west-1.amazonaws.com:9098", "brokers that take SCRAM, which serverless"],
  ["b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com:9096", "brokers of eu-west-1"],
  ["10.0.0.1:9096", "names of hosts"],
  ["broker", "names of hosts"],
  ["broker:0", "at a port from 1 to 65535"],
  ["broker:65536", "at a port from 1 to 65535"],
  ["SASL_SSL://broker:9096", "names of hosts"],
])("%s is refused as a broker", (server, why) => {
  synthesize((stack) => {
    expect(() => kafka(stack, { bootstrapServers: [server] })).toThrow(
      new RegExp(`^stack/orders: bootstrapServers is .*, but must be ${why}`),
    );
  });
});

test("a secret or a key of another region is refused", () => {
  synthesize((stack) => {
    const of = (secretArn: string, encryptionKeyArn?: string) => () =>
      kafka(stack, { authentication: KafkaAuthentication.scramSha512({ secretArn, encryptionKeyArn }) }, secretArn);
    expect(of(SECRET_ARN.replace("eu-west-1", "us-east-1"))).toThrow("but must be a secret of eu-west-1");
    expect(of(SECRET_ARN, KEY_ARN.replace("eu-west-1", "us-east-1"))).toThrow("but must be a key of eu-west-1");
  });
});

test("one command fetches all that is missing, connectors too, wherever it is told", () => {
  const stack = testStack();
  const flink = cluster(stack, { nodeCount: 1, software: Software.fetched({ lockFile: "no such.lock.json" }) });
  flink.readFrom(kafka(stack, BY_IAM).topics("orders"));
  const synthesized = synthesizeStack(stack);
  const command = "--origin official --connector kafka --connector msk-iam --lock-file 'no such.lock.json'";
  const warnings = flink.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => data as unknown));
  expect(warnings).toContainEqual(expect.stringContaining(command));
  expect(JSON.stringify(synthesized.all("terraform_data"))).toContain(command);
});
