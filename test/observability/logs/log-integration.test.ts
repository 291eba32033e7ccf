import { TerraformStack, TerraformVariable } from "cdktf";
import {
  CloudWatchLogOptions,
  Duration,
  Egress,
  Key,
  LogDestination,
  LogField,
  LogIntegration,
  LogIntegrationProps,
  OpenSearchAddress,
  OpenSearchAuthentication,
  OpenSearchCluster,
  Size,
} from "../../../lib";
import { LOG_FIELD_TYPES } from "../../../lib/observability/opensearch-objects/log-fields";
import { cluster, KEY_ARN, someNetwork } from "../../cluster/support";
import { Block, statements, Synthesized, synthesize } from "../../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:log-writer-AbCdEf";
const DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/search";
const GROUP = "sg-0123456789abcdef0";
const ADDRESS: OpenSearchAddress = {
  host: "search.example.internal",
  port: 9200,
  securityGroupId: GROUP,
  authentication: OpenSearchAuthentication.basic({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
};
const BY_IAM: OpenSearchAddress = {
  host: "vpc-search-abc123.eu-west-1.es.amazonaws.com",
  securityGroupId: GROUP,
  authentication: OpenSearchAuthentication.iam({ domainArn: DOMAIN_ARN }),
};

/** The logs of the cluster `orders` of one node. */
function logsOf(stack: TerraformStack, destination: LogDestination, given: Partial<LogIntegrationProps> = {}) {
  const source = cluster(stack, { nodeCount: 1 });
  return new LogIntegration(stack, "logs", { source, destination, ...given });
}

const toOpenSearch = (address: Partial<OpenSearchAddress> = {}, given: Partial<LogIntegrationProps> = {}) =>
  synthesize((stack) => logsOf(stack, LogDestination.openSearch({ ...ADDRESS, ...address }), given));
const toCloudWatch = (options?: CloudWatchLogOptions, given: Partial<LogIntegrationProps> = {}) =>
  synthesize((stack) => logsOf(stack, LogDestination.cloudWatch(options), given));

const policyNamed = (synthesized: Synthesized, name: string): Block =>
  synthesized.all("aws_iam_role_policy").find((policy) => policy.name === name)!;

const whatLogsMay = (synthesized: Synthesized) => statements(policyNamed(synthesized, "flink-logs").policy);

describe("any OpenSearch by its address", () => {
  test("by IAM it may send bulks to its own daily indices, and call nothing else", () => {
    const synthesized = toOpenSearch({ ...BY_IAM, port: undefined }, { indexPrefix: "flink-logs" });
    expect(whatLogsMay(synthesized)).toEqual({
      WriteIndices: expect.objectContaining({
        Action: ["es:ESHttpPost"],
        Resource: [`${DOMAIN_ARN}/flink-logs-*/_bulk`],
      }),
    });
    expect(synthesized.text).not.toContain("secretsmanager");
  });

  test("in another network the way is the egress's", () => {
    const egress = Egress.peered({ cidrs: ["10.20.0.0/24"] });
    const rule = toOpenSearch({ securityGroupId: undefined, egress })
      .all("aws_vpc_security_group_egress_rule")
      .find(({ cidr_ipv4 }) => cidr_ipv4 === "10.20.0.0/24");
    expect(rule).toMatchObject({ from_port: 9200, description: "Where logs go: stack/logs" });
  });

  test("the output tells what an operator needs", () => {
    const { output } = toOpenSearch().json as { output: Record<string, { value: unknown }> };
    expect(output.orders_logs.value).toEqual({
      url: "https://search.example.internal:9200",
      index_prefix: "logs",
      retention_days: 3,
      setup_command:
        "npx cdktf-flink prepare-logs --url https://search.example.internal:9200 --index-prefix logs --retention-days 3",
      logs_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.flink_Logs_[0-9A-F]+\.arn\}$/),
    });
  });

  test("values that only Terraform knows must hold no wildcard before anything is written", () => {
    const synthesized = synthesize((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const authentication = OpenSearchAuthentication.iam({ domainArn: text("arn") });
      logsOf(stack, LogDestination.openSearch({ ...BY_IAM, host: text("host"), authentication }));
    });
    const { precondition } = policyNamed(synthesized, "flink-logs").lifecycle as { precondition: Block[] };
    expect(precondition.map(({ error_message: message }) => message)).toEqual([
      expect.stringMatching(/^stack\/logs must be given the name of a host, /),
      expect.stringMatching(/^stack\/logs must be given the ARN of a domain of Amazon OpenSearch Service, /),
    ]);
  });
});

describe("a cluster of OpenSearch that the program has", () => {
  const ofOurOwn = (build: (stack: TerraformStack, search: OpenSearchCluster) => void) =>
    synthesize((stack) => {
      const network = someNetwork(stack);
      const masterUserArn = "arn:aws:iam::123456789012:role/search-admin";
      build(stack, new OpenSearchCluster(stack, "search", { network, masterUserArn }));
    });

  test("a domain of our own lets the nodes in, and the role of logs writes there", () => {
    const synthesized = ofOurOwn((stack, search) => logsOf(stack, LogDestination.openSearchCluster(search)));
    const { WriteIndices } = whatLogsMay(synthesized);
    expect(WriteIndices.Resource).toEqual([
      expect.stringMatching(/^\$\{aws_opensearch_domain\.\w+\.arn\}\/logs-\*\/_bulk$/),
    ]);
    expect(
      synthesized.all("aws_vpc_security_group_ingress_rule").filter(({ from_port, security_group_id }) => {
        return from_port === 443 && /search_SecurityGroup/.test(security_group_id as string);
      }),
    ).toHaveLength(1);
  });

  test("of one that the deploy administers it gives the role of logs a role of OpenSearch, fields their types, indices their end", () => {
    const synthesized = synthesize((stack) => {
      const network = someNetwork(stack);
      const search = new OpenSearchCluster(stack, "search", { network });
      const source = cluster(stack, { network, nodeCount: 1 });
      const destination = LogDestination.openSearchCluster(search);
      const logs = new LogIntegration(stack, "logs", { source, destination, indexPrefix: "flink", retentionDays: 10 });
      expect(logs.setupCommand).toBeUndefined();
    });
    const inputs = synthesized.all("aws_lambda_invocation").map(({ input }) => input as string);
    expect(inputs).toHaveLength(2);
    expect(inputs.find((input) => input.includes("jsonencode"))).toMatch(
      /"admit" = \{"role" = "flink-orders-logs", "writerArn" = aws_iam_role\.flink_Logs_[0-9A-F]+\.arn\}/,
    );
    const asked = JSON.parse(inputs.find((input) => !input.includes("jsonencode"))!) as Block;
    expect(asked).toMatchObject({
      roles: [{ name: "flink-orders-logs", indices: ["flink-*"], mayDelete: false, mayAddFields: false }],
      templates: [{ name: "flink-lines", body: { index_patterns: ["flink-19*.*.*", "flink-20*.*.*"] } }],
      policies: [{ name: "flink-retention" }],
    });
    expect(JSON.stringify(asked.policies)).toContain('"min_index_age":"11d"');
  });

  test("with masterUserArn the deploy makes nothing in it, and an operator is told what to run", () => {
    const synthesized = ofOurOwn((stack, search) => {
      const { setupCommand } = logsOf(stack, LogDestination.openSearchCluster(search), { retentionDays: 10 });
      expect(setupCommand).toMatch(
        /^npx cdktf-flink prepare-logs --url https:\/\/.+ --index-prefix logs --retention-days 10$/,
      );
    });
    expect(synthesized.all("aws_lambda_invocation")).toEqual([]);
  });

  test("an existing one is written with its own login", () => {
    const synthesized = synthesize((stack) => {
      const search = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "search", ADDRESS);
      logsOf(stack, LogDestination.openSearchCluster(search));
    });
    expect(Object.keys(whatLogsMay(synthesized))).toEqual(["WriteCredential", "WriteKey"]);
  });

  test("indices that jobs write are refused for logs, and the other way round", () => {
    ofOurOwn((stack, search) => {
      const source = cluster(stack, { nodeCount: 1 });
      source.writeTo(search.indices("logs-2026"));
      const destination = LogDestination.openSearchCluster(search);
      expect(() => new LogIntegration(stack, "logs", { source, destination })).toThrow(
        'stack/logs: destination is "opensearch stack/search logs-*", but must be apart from opensearch stack/search logs-2026, which jobs of the cluster use: set another indexPrefix, or give jobs other indices',
      );
      new LogIntegration(stack, "others", { source, destination, indexPrefix: "flink" });
      expect(() => source.writeTo(search.indices("flink-*"))).toThrow(
        'stack/flink: writeTo is "opensearch stack/search flink-*", but must be apart from opensearch stack/search flink-*, to which stack/others writes the logs of the cluster: give jobs other indices, or set another indexPrefix of the logs',
      );
      source.writeTo(search.indices("orders-*"));
    });
  });

  test("where Terraform alone knows whether it is the same OpenSearch, Terraform refuses", () => {
    const synthesized = synthesize((stack) => {
      const source = cluster(stack, { nodeCount: 1 });
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const search = (id: string) =>
        OpenSearchCluster.fromOpenSearchClusterAttributes(stack, id, { ...ADDRESS, host: text(`host_of_${id}`) });
      source.writeTo(search("one").indices("logs-*"));
      new LogIntegration(stack, "logs", { source, destination: LogDestination.openSearchCluster(search("two")) });
      source.writeTo(search("three").indices("logs-x"));
    });
    const messages = synthesized
      .all("aws_iam_role_policy")
      .flatMap(({ lifecycle }) => ((lifecycle as Block | undefined)?.precondition ?? []) as Block[])
      .map(({ error_message: message }) => message as string)
      .filter((message) => message.includes("indexPrefix"));
    expect(messages.sort()).toEqual([
      "stack/logs writes logs to opensearch stack/two logs-*, which jobs of the cluster use as well: set another indexPrefix, or give jobs other indices.",
      "writeTo is given opensearch stack/three logs-x, to which the logs of the cluster are written: give jobs other indices, or set another indexPrefix.",
    ]);
  });
});

describe("CloudWatch Logs", () => {
  test("a log group of its own, under a key of its own, for a year", () => {
    const synthesized = toCloudWatch();
    expect(synthesized.single("aws_cloudwatch_log_group")).toMatchObject({
      name: "/flink/orders",
      retention_in_days: 365,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.logs_LogGroup_Key_[0-9A-F]+\.arn\}$/),
    });
    const group = Object.keys(synthesized.resources("aws_cloudwatch_log_group"))[0];
    expect(whatLogsMay(synthesized)).toEqual({
      CreateStreams: expect.objectContaining({
        Action: ["logs:CreateLogStream"],
        Resource: [`\${aws_cloudwatch_log_group.${group}.arn}:*`],
      }),
      WriteStreamsOfCluster: expect.objectContaining({
        Action: ["logs:PutLogEvents"],
        Resource: [`\${aws_cloudwatch_log_group.${group}.arn}:log-stream:orders-node-*`],
      }),
    });
  });

  test("nodes reach it through an endpoint that leads to this account's log groups alone", () => {
    const synthesized = toCloudWatch();
    const endpoint = synthesized
      .all("aws_vpc_endpoint")
      .find(({ service_name }) => /\.logs$/.test(service_name as string))!;
    expect(statements(endpoint.policy).ThisAccount.Condition).toEqual({
      StringEquals: {
        "aws:PrincipalAccount": expect.any(String) as unknown,
        "aws:ResourceAccount": expect.any(String) as unknown,
      },
    });
    expect(
      synthesized.all("aws_vpc_security_group_egress_rule").map(({ description }) => description as string),
    ).toContain("AWS service logs, through its interface endpoint");
  });

  test("a name, a shorter time and a key of the user", () => {
    const synthesized = synthesize((stack) => {
      const encryptionKey = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
      logsOf(
        stack,
        LogDestination.cloudWatch({ logGroupName: "/teams/orders", retention: Duration.days(30), encryptionKey }),
      );
    });
    expect(synthesized.single("aws_cloudwatch_log_group")).toMatchObject({
      name: "/teams/orders",
      retention_in_days: 30,
      kms_key_id: KEY_ARN,
    });
    expect(Object.keys(synthesized.resources("aws_kms_key")).filter((id) => /^logs_/.test(id))).toEqual([]);
  });

  test("an existing log group is written to, and nothing of it is changed", () => {
    const synthesized = toCloudWatch({ existingLogGroupName: "/teams/all" });
    expect(synthesized.all("aws_cloudwatch_log_group")).toEqual([]);
    expect(whatLogsMay(synthesized).CreateStreams.Resource).toEqual([
      expect.stringMatching(/^arn:\$\{.*\}:logs:\$\{.*\}:log-group:\/teams\/all:\*$/),
    ]);
    const { output } = synthesized.json as { output: Record<string, { value: Block }> };
    expect(output.orders_logs.value).toMatchObject({ log_group: "/teams/all" });
  });

  test("a name that only Terraform knows must hold no wildcard", () => {
    const synthesized = synthesize((stack) => {
      const existingLogGroupName = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
      logsOf(stack, LogDestination.cloudWatch({ existingLogGroupName }));
    });
    const { precondition } = policyNamed(synthesized, "flink-logs").lifecycle as { precondition: Block[] };
    expect(precondition[0].error_message).toMatch(/^stack\/logs must be given the name of a log group, /);
  });

  test.each(["indexPrefix", "retentionDays", "timeout"] as const)("%s is refused, as it is OpenSearch's", (name) => {
    const value = { indexPrefix: "logs", retentionDays: 3, timeout: Duration.seconds(30) }[name];
    expect(() => toCloudWatch(undefined, { [name]: value })).toThrow(
      `stack/logs: ${name} is ${typeof value === "string" ? '"logs"' : String(value)}, but must be left out for CloudWatch Logs, as it is about indices of OpenSearch: `,
    );
  });

  test.each([{ retention: Duration.days(365) }, { logGroupName: "/flink/orders" }])(
    "%j is refused beside an existing log group",
    (given) => {
      const [name] = Object.keys(given);
      expect(() => LogDestination.cloudWatch({ existingLogGroupName: "/teams/all", ...given })).toThrow(
        `${name} of LogDestination.cloudWatch is `,
      );
    },
  );
});

describe("what is refused", () => {
  const destination = LogDestination.cloudWatch();

  test("buffers that leave less than half of the data volume", () => {
    synthesize((stack) => {
      const source = cluster(stack, { nodeCount: 1, dataVolumeSize: Size.gibibytes(8) });
      const bufferSize = Size.mebibytes(2049);
      expect(() => new LogIntegration(stack, "a", { source, destination, bufferSize })).toThrow(
        "stack/a: bufferSize is 2049 MiB, but must be at most 2 GiB, so that both processes' together take half of the data volume of 8 GiB: use Size.mebibytes(2048) or less, or raise dataVolumeSize of the cluster",
      );
      new LogIntegration(stack, "b", {
        source,
        destination: LogDestination.openSearch(ADDRESS),
        bufferSize: Size.gibibytes(2),
      });
    });
  });
});

test("there is a LogField for all that documents tell of a line", () => {
  const others = ["@timestamp", "message", "refused"];
  expect(Object.values<string>(LogField).sort()).toEqual(
    Object.keys(LOG_FIELD_TYPES)
      .filter((name) => !others.includes(name))
      .sort(),
  );
});
