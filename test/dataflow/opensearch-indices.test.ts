import { TerraformStack, TerraformVariable } from "cdktf";
import { FlinkCluster, FlinkVersion, IOpenSearchCluster, OpenSearchAuthentication, OpenSearchCluster } from "../../lib";
import type { OpenSearchClusterAttributes } from "../../lib";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { cluster, desiredState, KEY_ARN } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize } from "../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:search-writer-AbCdEf";
const DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/search";
const GROUP = "sg-0123456789abcdef0";
const BY_IAM: Partial<OpenSearchClusterAttributes> = {
  host: "vpc-search-abc123.eu-west-1.es.amazonaws.com",
  authentication: OpenSearchAuthentication.iam({ domainArn: DOMAIN_ARN }),
};

function search(
  stack: TerraformStack,
  given: Partial<OpenSearchClusterAttributes> = {},
  id = "search",
): IOpenSearchCluster {
  return OpenSearchCluster.fromOpenSearchClusterAttributes(stack, id, {
    host: "search.example.internal",
    securityGroupId: GROUP,
    authentication: OpenSearchAuthentication.basic({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
    ...given,
  });
}

/** A program of one cluster, named `orders`, and what jobs write. */
function program(build: (flink: FlinkCluster, stack: TerraformStack) => void): Synthesized {
  return synthesize((stack) => build(cluster(stack, { nodeCount: 1 }), stack));
}

const policyNamed = (synthesized: Synthesized, beginning: string): Block =>
  synthesized.all("aws_iam_role_policy").find(({ name }) => (name as string).startsWith(beginning))!;

function told(synthesized: Synthesized): unknown {
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/connections/search.json"));
  return JSON.parse(file!.content);
}

const toGroup = (synthesized: Synthesized) =>
  synthesized
    .all("aws_vpc_security_group_egress_rule")
    .filter(({ referenced_security_group_id }) => referenced_security_group_id === GROUP);

test("by IAM the jobs' role may send documents to those indices, and call nothing else of the domain", () => {
  const synthesized = program((flink, stack) => {
    const domain = search(stack, BY_IAM);
    flink.writeTo(domain.indices("orders-*", "clicks"));
  });
  const { policy, role } = policyNamed(synthesized, "write-opensearch-stack-search-");
  expect(role).toMatch(/aws_iam_role\.flink_Role_Job_/);
  expect(statements(policy)).toEqual({
    WriteIndices: expect.objectContaining({
      Action: ["es:ESHttpPost"],
      Resource: [`${DOMAIN_ARN}/clicks/_bulk`, `${DOMAIN_ARN}/orders-*/_bulk`],
    }),
  });
  expect(told(synthesized)).toEqual({
    kind: "opensearch",
    url: "https://vpc-search-abc123.eu-west-1.es.amazonaws.com:443",
    authentication: "iam",
    region: "eu-west-1",
    indices: { write: ["clicks", "orders-*"] },
  });
  expect(desiredState(synthesized).connectionCredentials).toEqual([]);
  expect(toGroup(synthesized)).toEqual([expect.objectContaining({ from_port: 443, to_port: 443, ip_protocol: "tcp" })]);
  expect(findings(synthesized)).toEqual([]);
});

test("by name and password nodes keep the credential, and are told where it is and whom to trust", () => {
  const authorities = rdsAuthorities("eu-west-1")!;
  const synthesized = program((flink, stack) =>
    flink.writeTo(search(stack, { port: 9200, certificateAuthorities: authorities }).indices("orders")),
  );
  const state = desiredState(synthesized);
  expect(state.software.map(({ name }) => name)).toContain("flink-connector-opensearch");
  expect(state.connectionCredentials).toEqual([{ name: "search", kind: "basic", secretArn: SECRET_ARN }]);
  const pem = state.files.find(({ path }) => path.endsWith("/connections/search.pem"));
  expect(pem).toMatchObject({ owner: "root", group: "flink", mode: "0640", content: authorities });
  expect(told(synthesized)).toEqual({
    kind: "opensearch",
    url: "https://search.example.internal:9200",
    authentication: "basic",
    credentialsFile: "/run/cdktf-flink/connections/search.properties",
    certificateAuthoritiesFile: pem!.path,
    indices: { write: ["orders"] },
  });
  const { policy } = policyNamed(synthesized, "write-opensearch-");
  expect(Object.keys(statements(policy))).toEqual(["WriteCredential", "WriteKey"]);
});

test("indices cannot be read, as no connector reads them", () => {
  program((flink, stack) => {
    const indices = search(stack).indices("orders") as never;
    for (const method of ["readFrom", "readWrite"] as const) {
      expect(() => flink[method](indices)).toThrow(
        `stack/flink: ${method} is "opensearch stack/search orders", but must be what jobs can read, as no connector reads this: hand it to writeTo, and let jobs read files in S3, topics of Kafka or schemas of PostgreSQL`,
      );
    }
  });
});

test("a port that Amazon OpenSearch Service does not have, and a domain of another region, are refused", () => {
  synthesize((stack) => {
    expect(() => search(stack, { ...BY_IAM, port: 9200 })).toThrow(
      "stack/search: port is 9200, but must be 443, where Amazon OpenSearch Service takes requests: leave port out",
    );
    const elsewhere = "vpc-search-abc123.us-east-1.es.amazonaws.com";
    expect(() => search(stack, { ...BY_IAM, host: elsewhere }, "a")).toThrow("must be a host of eu-west-1");
    expect(() => search(stack, { host: "search-x.aos.us-east-1.on.aws" }, "b")).toThrow("must be a host of eu-west-1");
    const authentication = OpenSearchAuthentication.iam({ domainArn: DOMAIN_ARN.replace("eu-west-1", "us-east-1") });
    expect(() => search(stack, { authentication }, "c")).toThrow("must be a domain of eu-west-1");
  });
});

test("a public endpoint of Amazon OpenSearch Service is refused, and one of a domain whose name begins alike is not", () => {
  synthesize((stack) => {
    for (const host of [
      "search-orders-abc123.eu-west-1.es.amazonaws.com",
      "search-orders-abc123.aos.eu-west-1.on.aws",
    ]) {
      expect(() => search(stack, { ...BY_IAM, host }, host)).toThrow(
        `host is "${host}", but must be the endpoint of a domain in a network, which begins with vpc-, as nodes reach no public one: name a domain that was made in a network, into which no public one can be moved`,
      );
    }
    search(stack, { ...BY_IAM, host: "vpc-search-abc123.eu-west-1.es.amazonaws.com" }, "a");
    search(stack, { host: "search-1.example.internal" }, "b");
  });
});

test("authorities are refused for Amazon OpenSearch Service, whose own they would replace", () => {
  synthesize((stack) => {
    expect(() => search(stack, { ...BY_IAM, certificateAuthorities: rdsAuthorities("eu-west-1") })).toThrow(
      /^stack\/search: certificateAuthorities is "-----BEGIN .*, but must be left out for Amazon OpenSearch Service, whose authorities every operating system trusts, as those given would replace them: leave certificateAuthorities out$/,
    );
  });
});

test.each([
  ["https://search.example.internal:9200/", 'set host to "search.example.internal" and port to 9200'],
  ["search.example.internal.", 'set host to "search.example.internal"'],
  ["10.0.0.1", "set host to such a text"],
])("a host that is given as %s is told of as it must be", (host, remedy) => {
  synthesize((stack) => expect(() => search(stack, { host })).toThrow(`search.example.internal: ${remedy}`));
});

test("a domain that only Terraform knows is looked at before jobs get leave for it", () => {
  const synthesized = program((flink, stack) => {
    const [host, arn] = ["host", "arn"].map((id) => new TerraformVariable(stack, id, { type: "string" }).stringValue);
    const authentication = OpenSearchAuthentication.iam({ domainArn: arn });
    flink.writeTo(search(stack, { host, authentication }).indices("orders"));
  });
  const { lifecycle, policy } = policyNamed(synthesized, "write-opensearch-");
  const conditions = JSON.stringify(lifecycle);
  expect(conditions).toContain("var.host");
  expect(conditions).toContain("var.arn");
  expect(statements(policy).WriteIndices.Resource).toEqual(["${var.arn}/orders/_bulk"]);
});

test("lines of Flink for which there is no connector are refused", () => {
  synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1, version: FlinkVersion.V1_20 });
    expect(() => flink.writeTo(search(stack).indices("orders"))).toThrow(
      "of opensearch there is one for Flink 2.2 and 2.3 alone",
    );
  });
});
