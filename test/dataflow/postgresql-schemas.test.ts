import { X509Certificate } from "node:crypto";
import { DataAwsDbInstance } from "@cdktf/provider-aws/lib/data-aws-db-instance";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { FlinkCluster, FlinkVersion, IPostgreSqlCluster, PostgreSqlAuthentication, PostgreSqlCluster } from "../../lib";
import type { PostgreSqlClusterAttributes } from "../../lib";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { cluster, desiredState, KEY_ARN, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, testStack } from "../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:analytics-writer-AbCdEf";
const GROUP = "sg-0123456789abcdef0";
const RDS_HOST = "analytics.abc123.eu-west-1.rds.amazonaws.com";

function database(
  stack: TerraformStack,
  given: Partial<PostgreSqlClusterAttributes> = {},
  id = "analytics",
): IPostgreSqlCluster {
  return PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, id, {
    host: "db.example.internal",
    databaseName: "company",
    securityGroupId: GROUP,
    authentication: PostgreSqlAuthentication.password({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
    ...given,
  });
}

/** A program of one cluster, named `orders`, and what jobs read and write. */
function program(build: (flink: FlinkCluster, stack: TerraformStack) => void): Synthesized {
  return synthesize((stack) => build(cluster(stack, { nodeCount: 1 }), stack));
}

const rulesAtPort = (synthesized: Synthesized, direction: "egress" | "ingress", port = 5432): Block[] =>
  synthesized.all(`aws_vpc_security_group_${direction}_rule`).filter(({ from_port }) => from_port === port);

const policyNamed = (synthesized: Synthesized, beginning: string): Block =>
  synthesized.all("aws_iam_role_policy").find(({ name }) => (name as string).startsWith(beginning))!;

function told(synthesized: Synthesized, name = "analytics"): { readonly url: string; readonly schemas: object } {
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith(`/connections/${name}.json`));
  return JSON.parse(file!.content) as { url: string; schemas: object };
}

test("a schema that is written opens the port on both sides, the secret for the jobs' role, and nothing else", () => {
  const synthesized = program((flink, stack) => flink.writeTo(database(stack).schema("analytics")));
  const nodes = expect.stringMatching(/^\$\{aws_security_group\.flink_Firewall_nodes_\w+\.id\}$/) as string;
  expect(rulesAtPort(synthesized, "egress")).toEqual([
    expect.objectContaining({ security_group_id: nodes, referenced_security_group_id: GROUP, to_port: 5432 }),
  ]);
  expect(rulesAtPort(synthesized, "ingress")).toEqual([
    expect.objectContaining({ security_group_id: GROUP, referenced_security_group_id: nodes, to_port: 5432 }),
  ]);
  const policy = policyNamed(synthesized, "write-postgresql-stack-analytics-");
  expect(policy.role).toMatch(/aws_iam_role\.flink_Role_Job_/);
  expect(Object.keys(statements(policy.policy))).toEqual(["WriteCredential", "WriteKey"]);
  expect(findings(synthesized)).toEqual([]);
});

test("nodes get the connector, what jobs are told, and which secret holds the credential", () => {
  const synthesized = program((flink, stack) => {
    const db = database(stack, { port: 5433 });
    flink.readFrom(db.schema("source"));
    flink.writeTo(db.schema("analytics"));
    flink.writeTo(db.schema("audit"));
  });
  const state = desiredState(synthesized);
  expect(state.software.map(({ name }) => name)).toContain("flink-connector-jdbc-postgresql");
  expect(state.connectionCredentials).toEqual([{ name: "analytics", kind: "postgresql", secretArn: SECRET_ARN }]);
  expect(told(synthesized)).toEqual({
    kind: "postgresql",
    url: "jdbc:postgresql://db.example.internal:5433/company?service=analytics&sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
    schemas: { read: ["source"], write: ["analytics", "audit"] },
  });
  expect(rulesAtPort(synthesized, "egress", 5433)).toHaveLength(1);
});

test("a database of Amazon RDS is trusted by the authorities of its region, and by no others", () => {
  const synthesized = program((flink, stack) => flink.writeTo(database(stack, { host: RDS_HOST }).schema("a")));
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/connections/analytics.pem"));
  expect(file).toMatchObject({ owner: "root", group: "flink", mode: "0640", content: rdsAuthorities("eu-west-1") });
  expect(told(synthesized).url).toContain(`&sslmode=verify-full&sslrootcert=${file!.path}`);
  expect(told(synthesized).url).not.toContain("sslfactory");
});

test("a proxy of Amazon RDS has certificates that every operating system trusts", () => {
  const host = "company.proxy-abc123.eu-west-1.rds.amazonaws.com";
  const synthesized = program((flink, stack) => flink.writeTo(database(stack, { host }).schema("a")));
  expect(told(synthesized).url).toContain("sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
  expect(desiredState(synthesized).files.map(({ path }) => path)).not.toContainEqual(expect.stringMatching(/\.pem$/));
});

test("authorities of Amazon RDS in China are asked for", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", { region: "cn-north-1" });
  const host = "company.abc123.rds.cn-north-1.amazonaws.com.cn";
  const secretArn = SECRET_ARN.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1");
  const authentication = PostgreSqlAuthentication.password({ secretArn });
  expect(() => database(stack, { host, authentication })).toThrow(
    "must be given for cn-north-1, whose authorities this version of cdktf-flink does not know",
  );
});

test("each region of Amazon RDS that is known has an authority of each kind", () => {
  for (const region of ["eu-west-1", "us-east-1", "ap-southeast-2", "eu-central-2"]) {
    const found = rdsAuthorities(region)!.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!;
    const names = found
      .map((pem) => new X509Certificate(pem))
      .map(({ subject, ca }) => [ca, /CN=(.*)/.exec(subject)![1]]);
    const kinds = ["ECC384", "RSA2048", "RSA4096"];
    expect(names.sort()).toEqual(kinds.map((kind) => [true, `Amazon RDS ${region} Root CA ${kind} G1`]));
  }
  expect(rdsAuthorities("xx-nowhere-1")).toBeUndefined();
});

describe("a host that is an attribute of a resource of the program", () => {
  const instance = (stack: TerraformStack) =>
    new DbInstance(stack, "company", { instanceClass: "db.m7g.large", username: "dbowner" });
  const aurora = (stack: TerraformStack) => new RdsCluster(stack, "company", { engine: "aurora-postgresql" });

  test.each<[string, (stack: TerraformStack) => string]>([
    ["a database", (stack) => instance(stack).address],
    [
      "one of this library",
      (stack) => new PostgreSqlCluster(stack, "own", { network: someNetwork(stack), databaseName: "company" }).host,
    ],
    [
      "one that a data source finds",
      (stack) => new DataAwsDbInstance(stack, "found", { dbInstanceIdentifier: "company" }).address,
    ],
    ["the writer of a cluster", (stack) => aurora(stack).endpoint],
    ["its readers", (stack) => aurora(stack).readerEndpoint],
  ])("is trusted by the authorities of its region: %s", (_, hostOf) => {
    const synthesized = program((flink, stack) => flink.readFrom(database(stack, { host: hostOf(stack) }).schema("a")));
    const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/connections/analytics.pem"));
    expect(file!.content).toBe(rdsAuthorities("eu-west-1"));
  });

  test("is known in another stack by the region of that one", () => {
    const app = Testing.app();
    const [here, there] = ["here", "there"].map((id) => testStack(id, app));
    expect(database(here, { host: instance(there).address }).schema("a").scopeName).toBe("postgresql here/analytics a");
    const elsewhere = new TerraformStack(app, "elsewhere");
    new AwsProvider(elsewhere, "aws", { region: "us-east-1" });
    const { address } = new DbInstance(elsewhere, "other", { instanceClass: "db.m7g.large" });
    expect(() => database(here, { host: address }, "b")).toThrow("must be a host of eu-west-1");
  });

  test("is asked for its authorities where no program says the region", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    expect(() => database(stack, { host: instance(stack).address })).toThrow(
      "certificateAuthorities is undefined, but must be given, because the AWS provider of the database's stack says no region: set it to the certificate bundle of Amazon RDS for the region",
    );
  });

  test("is refused where it holds a port, and as readers alone where jobs write", () => {
    program((flink, stack) => {
      expect(() => database(stack, { host: instance(stack).endpoint })).toThrow(
        "stack/analytics: host is a value known only when Terraform runs, but must be the name of a host, and this attribute holds its port as well: use its attribute address",
      );
      const cluster = new RdsCluster(stack, "readers", { engine: "aurora-postgresql" });
      const readers = database(stack, { host: cluster.readerEndpoint }, "b");
      expect(() => flink.writeTo(readers.schema("a"))).toThrow("this one leads to readers alone");
    });
  });

  test("that is a proxy has certificates that every operating system trusts", () => {
    const synthesized = program((flink, stack) => {
      const proxy = { name: "company", engineFamily: "POSTGRESQL", roleArn: "", vpcSubnetIds: [], auth: [{}] };
      const { endpoint } = new DbProxy(stack, "proxy", proxy);
      flink.readFrom(database(stack, { host: endpoint }).schema("a"));
    });
    expect(told(synthesized).url).toContain("sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
  });
});

test("readers of Amazon RDS can be read, and are refused where jobs write", () => {
  const host = "company.cluster-ro-abc123.eu-west-1.rds.amazonaws.com";
  const before = program((flink, stack) => flink.readFrom(database(stack, { host }).schema("a")));
  const after = program((flink, stack) => {
    const readers = database(stack, { host });
    flink.readFrom(readers.schema("a"));
    for (const method of ["writeTo", "readWrite"] as const) {
      expect(() => flink[method](readers.schema("b"))).toThrow(
        `stack/flink: host of stack/analytics is "${host}", but must be the endpoint that takes writes, for what jobs write, and this one leads to readers alone: name the cluster's endpoint without -ro, and this one a second time for what jobs read`,
      );
    }
  });
  expect(after.text).toBe(before.text);
});

test("who administers a database is no user of jobs", () => {
  const sentence = "a secret of a user for jobs, and this one";
  synthesize((stack) => {
    const own = new PostgreSqlCluster(stack, "own", { network: someNetwork(stack), databaseName: "company" });
    const authentication = PostgreSqlAuthentication.password({ secretArn: own.masterSecretArn });
    expect(() => database(stack, { authentication })).toThrow(sentence);
    const props = { network: someNetwork(stack, "network-2"), databaseName: "company", authentication };
    expect(() => new PostgreSqlCluster(stack, "second", props)).toThrow(sentence);
  });
  const secretArn = SECRET_ARN.replace("analytics-writer", "rds!db-01234567-89ab-cdef-0123-456789abcdef");
  expect(() => PostgreSqlAuthentication.password({ secretArn })).toThrow(
    `secretArn of PostgreSqlAuthentication.password is "${secretArn}", but must be ${sentence}`,
  );
});

test.each([
  [SECRET_ARN.replace("analytics-writer-AbCdEf", "analytics/users"), "--secret-id analytics/users --query ARN"],
  ["team/analytics-writer", "--secret-id team/analytics-writer --query ARN"],
  ["not a name", "--secret-id <name> --query ARN"],
])("a part of a secret's ARN is refused with the way to the whole: %s", (secretArn, command) => {
  expect(() => PostgreSqlAuthentication.password({ secretArn })).toThrow(
    `: take it from aws secretsmanager describe-secret ${command} --output text`,
  );
});

test.each(["glsa_Zx81kQ93mPq", "correct horse", "s3cret/s3cret", "Pa/ss1"])(
  "what may be the secret itself, given in place of its ARN, is not shown: %s",
  (secretArn) => {
    const refusal = (): unknown => PostgreSqlAuthentication.password({ secretArn });
    expect(refusal).toThrow("is a text that is not shown, as it may be the secret itself, but must be the full ARN");
    expect(refusal).not.toThrow(secretArn);
  },
);

test.each([
  ["Orders_1", 'set name to "orders_1", which is what PostgreSQL makes of it without quotes, and Flink writes none'],
  ["user", 'give the schema another name, for example "user_data", as this one needs quotes and Flink writes none'],
  ["ORDER", 'give the schema another name, for example "order_data", as this one needs quotes and Flink writes none'],
  ["pg_catalog", 'make a schema for what jobs read and write, for example "analytics"'],
  ["a-b", "set name to such a text"],
])("a schema named %s is refused with the way to another", (name, remedy) => {
  synthesize((stack) => expect(() => database(stack).schema(name)).toThrow(`: ${remedy}`));
});

test("what the library does not know is asked for: a region that is younger, a host that only Terraform knows", () => {
  synthesize((stack) => {
    const host = new TerraformVariable(stack, "host", { type: "string" }).stringValue;
    expect(() => database(stack, { host })).toThrow(
      "stack/analytics: certificateAuthorities is undefined, but must be given, because only Terraform knows the host, and not by a database of this program: set it to the PEM of the authorities, which for Amazon RDS is the certificate bundle of eu-west-1",
    );
    database(stack, { host, certificateAuthorities: rdsAuthorities("eu-west-1") }, "given");
  });
});

test("a database of another region is refused", () => {
  synthesize((stack) => {
    expect(() => database(stack, { host: RDS_HOST.replace("eu-west-1", "us-east-1") })).toThrow(
      "must be a host of eu-west-1, the region of this stack's AWS provider",
    );
  });
});

test("a host that only Terraform knows is looked at before nodes are told of it", () => {
  const synthesized = program((flink, stack) => {
    const host = new TerraformVariable(stack, "host", { type: "string" }).stringValue;
    flink.writeTo(database(stack, { host, certificateAuthorities: rdsAuthorities("eu-west-1") }).schema("a"));
  });
  const { lifecycle } = policyNamed(synthesized, "write-postgresql-");
  expect(JSON.stringify(lifecycle)).toContain('regex(\\"^[A-Za-z0-9.-]+$\\", var.host)');
});

test("what is read cannot be written, whoever the database knows the jobs as", () => {
  program((flink, stack) => {
    flink.readFrom(database(stack).schema("source"));
    const again = database(stack, { host: "DB.example.internal" }, "writer");
    expect(() => flink.writeTo(again.schema("source"))).toThrow(
      'writeTo is "postgresql stack/writer source", but must be apart from postgresql stack/analytics source, which readFrom has already',
    );
    flink.writeTo(again.schema("analytics"));
    flink.writeTo(database(stack, { databaseName: "other" }, "other").schema("source"));
  });
});

test("a schema more changes the policy that is there", () => {
  const names = (...schemas: string[]) =>
    program((flink, stack) => {
      const db = database(stack);
      schemas.forEach((schema) => flink.writeTo(db.schema(schema)));
    })
      .all("aws_iam_role_policy")
      .map(({ name }) => name);
  expect(names("a", "b")).toEqual(names("a"));
});

test("a line of Flink that has no connector is refused, naming those that have one", () => {
  synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1, version: FlinkVersion.of("9.9") });
    expect(() => flink.writeTo(database(stack).schema("analytics"))).toThrow(
      /of jdbc-postgresql there is one for Flink .* alone/,
    );
  });
});
