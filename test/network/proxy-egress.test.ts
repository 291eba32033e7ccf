import { TerraformStack, TerraformVariable } from "cdktf";
import {
  Egress,
  KafkaAuthentication,
  KafkaCluster,
  OpenSearchAuthentication,
  OpenSearchCluster,
  OpenSearchClusterAttributes,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  ProxyEgressOptions,
} from "../../lib";
import { cluster, desiredState } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, Synthesized, synthesize, testStack } from "../support/synth";

const GROUP = "sg-0123456789abcdef0";
const PROXY: ProxyEgressOptions = { host: "proxy.example.internal", port: 3128, securityGroupId: GROUP };
const PUBLIC = "search-orders-abc123.us-east-1.es.amazonaws.com";
const egress = Egress.proxy(PROXY);
const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:elsewhere-AbCdEf";

/** A cluster whose jobs write a domain of another region. */
function program(given: (stack: TerraformStack) => Partial<OpenSearchClusterAttributes>): Synthesized {
  return synthesize((stack) => {
    const search = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "search", {
      host: PUBLIC,
      authentication: OpenSearchAuthentication.iam({ domainArn: "arn:aws:es:us-east-1:123456789012:domain/orders" }),
      ...given(stack),
    });
    cluster(stack, { nodeCount: 1 }).writeTo(search.indices("orders"));
  });
}

test("nodes may call the proxy and not the system, and jobs are told of both", () => {
  const synthesized = program(() => ({ egress }));
  const rules = (direction: string): Block[] => synthesized.all(`aws_vpc_security_group_${direction}_rule`);
  const nodes = expect.stringMatching(/^\$\{aws_security_group\.flink_Firewall_nodes_\w+\.id\}$/) as string;
  const port = { from_port: 3128, to_port: 3128, ip_protocol: "tcp" };
  expect(rules("egress").filter((rule) => rule.referenced_security_group_id === GROUP)).toEqual([
    expect.objectContaining({ ...port, security_group_id: nodes }),
  ]);
  expect(rules("ingress").filter((rule) => rule.security_group_id === GROUP)).toEqual([
    expect.objectContaining({ ...port, referenced_security_group_id: nodes }),
  ]);
  expect(rules("egress").filter((rule) => rule.cidr_ipv4 !== undefined)).toEqual([]);
  expect(findings(synthesized)).toEqual([]);
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/search.json"));
  expect(JSON.parse(file!.content)).toMatchObject({
    url: `https://${PUBLIC}:443`,
    region: "us-east-1",
    proxy: { host: "proxy.example.internal", port: 3128 },
  });
});

test("without it a public endpoint is refused", () => {
  expect(() => program(() => ({ egress: Egress.peered({ cidrs: ["10.20.0.0/24"] }) }))).toThrow(
    /^stack\/search: host is "search-.*", but must be the endpoint of a domain in a network, .* or give Egress\.proxy$/,
  );
});

test("a proxy that only Terraform knows must be the name of a host", () => {
  const synthesized = program((stack) => ({
    egress: Egress.proxy({ ...PROXY, host: new TerraformVariable(stack, "proxy", {}).stringValue }),
  }));
  const conditions = synthesized
    .all("aws_iam_role_policy")
    .flatMap(({ lifecycle }) => (lifecycle?.precondition ?? []) as Block[])
    .map(({ condition }) => condition as string);
  expect(conditions).toContainEqual(expect.stringMatching(/regex\(.*, var\.proxy\)/));
});

test("clients of Kafka and PostgreSQL know no proxy", () => {
  expect(() =>
    KafkaCluster.fromKafkaClusterAttributes(testStack(), "orders", {
      bootstrapServers: ["b-1.orders.example.com:9096"],
      egress,
      authentication: KafkaAuthentication.scramSha512({ secretArn }),
    }),
  ).toThrow(
    "stack/orders: egress is Egress.proxy by proxy.example.internal:3128, but must be Egress.peered or Egress.privateLink, because clients of Kafka know no HTTP proxy: use one of the two; of the systems that jobs use, a proxy leads to OpenSearch alone",
  );
  expect(() =>
    PostgreSqlCluster.fromPostgreSqlClusterAttributes(testStack(), "company", {
      ...{ host: "company.example.com", databaseName: "company", egress },
      authentication: PostgreSqlAuthentication.password({ secretArn }),
    }),
  ).toThrow(/^stack\/company: egress is Egress\.proxy .* because clients of PostgreSQL know no HTTP proxy: /);
});
