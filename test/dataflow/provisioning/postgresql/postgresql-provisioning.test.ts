import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Duration, FlinkNetwork, Key, PostgreSqlCluster, PostgreSqlGrant, RemovalPolicy } from "../../../../lib";
import { LARGEST_POLICIES_OF_ROLE } from "../../../../lib/core/terraform/policy-size";
import { functionPackage } from "../../../../lib/dataflow/provisioning/function-package";
import type { DatabaseRequest } from "../../../../lib/dataflow/provisioning/postgresql/database-request";
import { rdsAuthorities } from "../../../../lib/dataflow/postgresql/rds-authorities";
import { cluster, desiredState, KEY_ARN, NETWORK_ATTRIBUTES, someNetwork } from "../../../cluster/support";
import { findings } from "../../../rules/findings";
import { Block, statements, Synthesized, synthesize } from "../../../support/synth";
import { reference } from "../reference";

/** As Terraform makes it of a prefix. */
const LONGEST_SECRET_NAME = 64 + 26;
/** Of a key, or of a log group of Lambda. */
const LONGEST_OTHER_ARN = 150;
const REVENUE = "CREATE TABLE IF NOT EXISTS revenue (country text PRIMARY KEY, revenue numeric)";

function database(stack: TerraformStack, removalPolicy = RemovalPolicy.RETAIN): PostgreSqlCluster {
  const network = someNetwork(stack, "db-network");
  return new PostgreSqlCluster(stack, "analytics", { network, databaseName: "company", removalPolicy });
}

/** A database with a schema and two users. */
function provided(stack: TerraformStack, removalPolicy?: RemovalPolicy): PostgreSqlCluster {
  const db = database(stack, removalPolicy);
  db.addSchema("analytics", { statements: [REVENUE] });
  db.addUser("reader", { grants: [PostgreSqlGrant.read("analytics")] });
  db.addUser("writer", { grants: [PostgreSqlGrant.upsert("analytics", { tables: ["revenue", "revenue"] })] });
  return db;
}

const requestOf = (synthesized: Synthesized): DatabaseRequest =>
  JSON.parse(synthesized.single("aws_lambda_invocation").input as string) as DatabaseRequest;

const secretOf = (synthesized: Synthesized, name: string) =>
  reference(synthesized, "aws_secretsmanager_secret", `analytics_Provisioning_user-${name}_`, "arn");

const policyOf = (synthesized: Synthesized): Record<string, Block> =>
  statements(synthesized.named("aws_iam_role_policy", "analytics_Provisioning_").policy);

test("a database of which nothing is asked has no function", () => {
  const synthesized = synthesize((stack) => {
    expect(() => database(stack).provisioningReport).toThrow(
      /^stack\/analytics: provisioningReport is undefined, .*: call addSchema first, or leave the output out$/,
    );
  });
  expect(synthesized.all("aws_lambda_function")).toEqual([]);
  expect(synthesized.all("aws_lambda_invocation")).toEqual([]);
});

test("the function is told what is to be there, by names and without a secret", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const region = expect.stringMatching(/^\$\{data\.aws_region\..+\.id\}$/) as string;
  expect(requestOf(synthesized)).toEqual({
    region,
    secretsEndpoint: expect.stringMatching(/^https:\/\/secretsmanager\.\$\{.+\}\.\$\{.+\}$/) as string,
    host: reference(synthesized, "aws_db_instance", "analytics_", "address"),
    ...{ port: 5433, databaseName: "company", certificateAuthorities: rdsAuthorities("eu-west-1")! },
    administratorSecretArn: reference(synthesized, "aws_db_instance", "analytics_", "master_user_secret[0].secret_arn"),
    schemas: [{ name: "analytics", statements: [REVENUE] }],
    users: [
      { name: "reader", secretArn: secretOf(synthesized, "reader"), grants: [{ access: "read", schema: "analytics" }] },
      {
        name: "writer",
        secretArn: secretOf(synthesized, "writer"),
        grants: [{ access: "upsert", schema: "analytics", tables: ["revenue"] }],
      },
    ],
  } satisfies DatabaseRequest);
  expect(synthesized.all("aws_secretsmanager_secret_version")).toEqual([]);
  expect(findings(synthesized)).toEqual([]);
});

test("it runs again when what is asked for changes, or the function, and never because of a destroy", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const invocation = synthesized.single("aws_lambda_invocation");
  const lambda = reference(synthesized, "aws_lambda_function", "analytics_Provisioning_", "source_code_hash");
  expect(invocation.triggers).toEqual({ code: lambda });
  expect(invocation).not.toHaveProperty("lifecycle_scope");
});

test("what it runs comes with this package", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const lambda = synthesized.single("aws_lambda_function");
  const { path, hash } = functionPackage("postgresql-provisioner");
  expect(hash).toBe(createHash("sha256").update(readFileSync(path)).digest("base64"));
  expect(lambda).toMatchObject({
    function_name: "stack-analytics-postgresql-provisioner",
    filename: expect.stringMatching(/^assets\/.+\/postgresql-provisioner\.zip$/) as string,
    source_code_hash: hash,
    handler: "index.handler",
    runtime: "nodejs22.x",
  });
});

test("it is told what was ordered, by a hash of the same text that it is called with", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const { variables } = synthesized.single("aws_lambda_function").environment as Block;
  const [, local] = /^\$\{sha256\(local\.(\w+)\)\}$/.exec((variables as Block).ORDER_SHA256 as string)!;
  const text = synthesized.single("aws_lambda_invocation").input as string;
  expect((synthesized.json.locals as Block)[local]).toBe(text);
  // The function sees what was read from the text, and writes it again.
  expect(JSON.stringify(JSON.parse(text))).toBe(text);
});

test("EC2 takes the name of its security group, whatever the stack is called", () => {
  const synthesized = synthesize((stack) => {
    const given = { network: someNetwork(stack), databaseName: "company", instanceIdentifier: "sg-orders" };
    new PostgreSqlCluster(stack, "analytics", given).addSchema("analytics");
  });
  expect(synthesized.named("aws_security_group", "analytics_Provisioning_").name).toBe(
    "function-sg-orders-postgresql-provisioner",
  );
});

test("it stands in the network, reaches the database and Secrets Manager, and nobody reaches it", () => {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const db = new PostgreSqlCluster(stack, "analytics", { network, databaseName: "company" });
    db.addSchema("analytics");
  });
  const group = reference(synthesized, "aws_security_group", "analytics_Provisioning_", "id");
  const ofDatabase = reference(synthesized, "aws_security_group", "analytics_SecurityGroup_", "id");
  const ofEndpoint = reference(synthesized, "aws_security_group", "network_endpoint-secretsmanager_", "id");
  const lambda = synthesized.single("aws_lambda_function");
  expect(lambda.vpc_config).toEqual({
    security_group_ids: [group],
    subnet_ids: synthesized.single("aws_db_subnet_group").subnet_ids,
  });
  const doors = (type: string) =>
    synthesized
      .all(type)
      .filter((rule) => [rule.security_group_id, rule.referenced_security_group_id].includes(group))
      .map((rule) => [rule.security_group_id, rule.referenced_security_group_id, rule.from_port, rule.to_port]);
  expect(doors("aws_vpc_security_group_egress_rule")).toEqual([
    [group, ofEndpoint, 443, 443],
    [group, ofDatabase, 5433, 5433],
  ]);
  expect(doors("aws_vpc_security_group_ingress_rule")).toEqual([
    [ofEndpoint, group, 443, 443],
    [ofDatabase, group, 5433, 5433],
  ]);
  // Called before its way is open, it would wait in vain.
  const rules = ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"].flatMap((type) =>
    Object.keys(synthesized.resources(type)).map((id) => `${type}.${id}`),
  );
  expect(synthesized.single("aws_lambda_invocation").depends_on).toEqual(
    expect.arrayContaining(rules.filter((address) => address.includes("Provisioning"))),
  );
  expect(findings(synthesized)).toEqual([]);
});

test("the door of an existing endpoint is its owner's", () => {
  const synthesized = synthesize((stack) => {
    const network = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", {
      ...NETWORK_ATTRIBUTES,
      interfaceEndpoints: { secretsmanager: "sg-00000000000000445" },
    });
    new PostgreSqlCluster(stack, "analytics", { network, databaseName: "company" }).addSchema("analytics");
  });
  const peers = synthesized
    .all("aws_vpc_security_group_egress_rule")
    .map((rule) => rule.referenced_security_group_id as string);
  expect(peers).toContain("sg-00000000000000445");
  expect(
    synthesized.all("aws_vpc_security_group_ingress_rule").map((rule) => rule.security_group_id as string),
  ).not.toContain("sg-00000000000000445");
});

test("its role reads the administrator's secret, reads and writes those of users, and no other", () => {
  const synthesized = synthesize((stack) => void provided(stack));
  const administrator = reference(synthesized, "aws_db_instance", "analytics_", "master_user_secret[0].secret_arn");
  const users = ["reader", "writer"].map((name) => secretOf(synthesized, name));
  const key = reference(synthesized, "aws_kms_key", "analytics_Key_", "arn");
  const policy = policyOf(synthesized);
  expect(policy).toMatchObject({
    ReadAdministrator: { Action: ["secretsmanager:GetSecretValue"], Resource: [administrator] },
    Users: { Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], Resource: users },
    DecryptAdministrator: {
      Action: ["kms:Decrypt"],
      Resource: [key],
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": [administrator] } },
    },
    EncryptUsers: {
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [key],
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": users } },
    },
  });
  // The function's own code gets none of what Lambda needs to put it into the network.
  for (const statement of [policy.LookAtNetwork, policy.NetworkInterfaces]) {
    expect(statement.Condition).toEqual({ Null: { "lambda:SourceFunctionArn": ["true"] } });
  }
  const jobPolicies = Object.entries(synthesized.resources("aws_iam_role_policy"))
    .filter(([id]) => !id.startsWith("analytics_Provisioning_"))
    .map(([, { policy: text }]) => text as string);
  expect(jobPolicies.filter((text) => text.includes("master_user_secret"))).toEqual([]);
});

test("as many users as are taken fit into what IAM takes, however long the names of their secrets are", () => {
  const synthesized = synthesize((stack) => {
    const db = database(stack);
    db.addSchema("analytics");
    const grants = [PostgreSqlGrant.read("analytics")];
    for (let number = 0; number < 20; number++) db.addUser(`user_${number}`, { grants });
  });
  const longest = `arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${"x".repeat(LONGEST_SECRET_NAME)}-AbCdEf`;
  const text = (synthesized.named("aws_iam_role_policy", "analytics_Provisioning_").policy as string)
    .replace(/\$\{aws_(secretsmanager_secret|db_instance)\.[^}]+\}/g, longest)
    .replace(/\$\{data\.[^}]+\}/g, "x".repeat("amazonaws.com.cn".length))
    .replace(/\$\{[^}]+\}/g, "x".repeat(LONGEST_OTHER_ARN));
  expect(text.split(longest)).toHaveLength(2 * (1 + 20) + 1);
  expect(text.length).toBeLessThanOrEqual(LARGEST_POLICIES_OF_ROLE);
});

test("its log is there before it, encrypted and for as long as those of the database", () => {
  const synthesized = synthesize((stack) => {
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    const db = new PostgreSqlCluster(stack, "analytics", {
      network: someNetwork(stack),
      ...{ databaseName: "company", logRetention: Duration.days(400), logEncryptionKey: key },
    });
    db.addSchema("analytics");
  });
  const group = synthesized.named("aws_cloudwatch_log_group", "analytics_Provisioning_");
  expect(group).toMatchObject({
    name: "/aws/lambda/stack-analytics-postgresql-provisioner",
    ...{ retention_in_days: 400, kms_key_id: KEY_ARN },
  });
  expect(synthesized.single("aws_lambda_function").logging_config).toEqual({
    log_format: "JSON",
    log_group: reference(synthesized, "aws_cloudwatch_log_group", "analytics_Provisioning_", "name"),
  });
});

test("secrets of users are under the database's key, and gone after a while that is as long as what it stores matters", () => {
  for (const [policy, days] of [
    [RemovalPolicy.RETAIN, 30],
    [RemovalPolicy.DESTROY, 7],
  ] as const) {
    const synthesized = synthesize((stack) => void provided(stack, policy));
    const secrets = synthesized.all("aws_secretsmanager_secret");
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) {
      expect(secret).toMatchObject({
        kms_key_id: reference(synthesized, "aws_kms_key", "analytics_Key_", "arn"),
        recovery_window_in_days: days,
      });
    }
  }
});

test("jobs use the database as such a user, each by a connection of its own", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1 });
    const db = database(stack);
    db.addSchema("orders");
    db.addSchema("analytics");
    const reader = db.addUser("reader", { grants: [PostgreSqlGrant.read("orders")] });
    const grants = [PostgreSqlGrant.upsert("analytics")];
    const writer = db.addUser("flink_writer", { grants, connectionName: "warehouse" });
    flink.readFrom(reader.schema("orders"));
    flink.writeTo(writer.schema("analytics"));
  });
  expect(desiredState(synthesized).connectionCredentials).toEqual([
    { name: "analytics-reader", kind: "postgresql", secretArn: secretOf(synthesized, "reader") },
    { name: "warehouse", kind: "postgresql", secretArn: secretOf(synthesized, "flink_writer") },
  ]);
  expect(findings(synthesized)).toEqual([]);
});

describe("a schema is used as its user's grants let it be:", () => {
  const use = (method: "readFrom" | "writeTo" | "readWrite", ...grants: PostgreSqlGrant[]) =>
    synthesize((stack) => {
      const flink = cluster(stack, { nodeCount: 1 });
      const db = database(stack);
      db.addSchema("orders");
      db.addSchema("analytics");
      flink[method](db.addUser("w", { grants }).schema("analytics"));
    });
  const revenue = { tables: ["revenue"] };

  test.each<["readFrom" | "writeTo" | "readWrite", ...PostgreSqlGrant[]]>([
    ["readFrom", PostgreSqlGrant.read("analytics", revenue)],
    ["readFrom", PostgreSqlGrant.upsert("analytics")],
    ["writeTo", PostgreSqlGrant.append("analytics")],
    ["writeTo", PostgreSqlGrant.upsert("analytics", revenue)],
    ["readWrite", PostgreSqlGrant.upsertAndDelete("analytics")],
    ["readWrite", PostgreSqlGrant.read("analytics"), PostgreSqlGrant.append("analytics", revenue)],
  ])("%s is taken with %s %s", (method, ...grants) => {
    expect(() => use(method, ...grants)).not.toThrow();
  });

  test.each([
    [
      "writeTo",
      "INSERT",
      'is "SELECT on analytics"',
      [PostgreSqlGrant.read("analytics"), PostgreSqlGrant.upsert("orders")],
    ],
    ["readWrite", "INSERT", 'is "SELECT on analytics"', [PostgreSqlGrant.read("analytics")]],
    [
      "readFrom",
      "SELECT",
      'is "INSERT on analytics"',
      [PostgreSqlGrant.append("analytics"), PostgreSqlGrant.read("orders")],
    ],
    ["readWrite", "SELECT", 'is "INSERT on analytics"', [PostgreSqlGrant.append("analytics")]],
  ] as const)("%s is refused without %s", (method, privilege, given, grants) => {
    expect(() => use(method, ...grants)).toThrow(
      new RegExp(
        `grants of user w ${given}, but must be such that jobs can .+ analytics, which takes ${privilege}: add`,
      ),
    );
  });
});

test("what was made is told by an attribute", () => {
  const synthesized = synthesize((stack) => {
    new TerraformOutput(stack, "provisioning", { value: provided(stack).provisioningReport });
  });
  const output = synthesized.json.output as Record<string, Block>;
  expect(output.provisioning.value).toBe(
    reference(synthesized, "aws_lambda_invocation", "analytics_Provisioning_", "result"),
  );
});

test("what looks like Terraform's language in a statement is not", () => {
  const statement = "COMMENT ON TABLE revenue IS '${not} %{terraform} \"quoted\"'";
  const synthesized = synthesize((stack) => database(stack).addSchema("analytics", { statements: [statement] }));
  const input = synthesized.single("aws_lambda_invocation").input as string;
  expect(input).toContain("$${not} %%{terraform}");
  expect(JSON.parse(input.replace(/([$%])\1\{/g, "$1{")).schemas[0].statements).toEqual([statement]);
});

test("the name of the function fits, and tells two databases apart", () => {
  const nameOf = (instanceIdentifier: string) =>
    synthesize((stack) => {
      const given = { network: someNetwork(stack), databaseName: "company", instanceIdentifier };
      new PostgreSqlCluster(stack, "analytics", given).addSchema("analytics");
    }).single("aws_lambda_function").function_name as string;
  const [one, other] = [nameOf(`${"a".repeat(62)}b`), nameOf(`${"a".repeat(62)}c`)];
  expect(one).toHaveLength(64);
  expect(one).not.toBe(other);
});

describe("is refused:", () => {
  const refusal = (give: (db: PostgreSqlCluster) => unknown): string => {
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
  const read = PostgreSqlGrant.read("analytics");

  test.each<[string, (db: PostgreSqlCluster) => unknown, string]>([
    ["a schema twice", (db) => db.addSchema("analytics"), "as there is a schema of this name in the program already"],
    ["a user twice", (db) => db.addUser("reader", { grants: [read] }), "as there is a user of this name"],
    ["the administrator", (db) => db.addUser("dbowner", { grants: [read] }), "or of the administrator's"],
    ["a user of Amazon RDS", (db) => db.addUser("rds_replication", { grants: [read] }), "of Amazon RDS's"],
    ["a name that needs quotes", (db) => db.addUser('a"; DROP', { grants: [read] }), "must be the name of a user"],
    [
      "a user without options",
      (db) => db.addUser("x", undefined as never),
      "props of user x is undefined, but must be an object of options with grants at least: give for example { grants: [",
    ],
    ["a grant of nothing", (db) => db.addUser("x", { grants: [] }), "a list of at least one PostgreSqlGrant"],
    [
      "a grant on a schema that is not made",
      (db) => db.addUser("x", { grants: [PostgreSqlGrant.read("orders")] }),
      'grants of user x is "orders", but must be of schemas that addSchema was given before, which are analytics',
    ],
    [
      "a schema that the user's grants do not name",
      (db) => db.addUser("x", { grants: [read] }).schema("orders"),
      'name is "orders", but must be a schema that the grants of x name, which are of analytics',
    ],
    [
      "more users than a policy holds",
      (db) => Array.from({ length: 19 }, (_, index) => db.addUser(`user_${index}`, { grants: [read] })),
      "one of at most 20 users of a database",
    ],
  ])("%s", (_, give, sentence) => {
    const message = refusal(give);
    expect(message).toContain(sentence);
    expect(message).toMatch(/^stack\/analytics/);
  });

  test.each([
    ["DROP TABLE revenue", "do it by hand"],
    ["INSERT INTO revenue VALUES (1)", "do it by hand"],
    ["COMMIT", "do it by hand"],
    ["CREATE TABLE revenue (a int)", "write CREATE TABLE IF NOT EXISTS revenue"],
    ["create unique index i on t (a)", "write CREATE unique INDEX IF NOT EXISTS i"],
    ["CREATE INDEX ON t (a)", "write CREATE INDEX IF NOT EXISTS and a name"],
    ["CREATE INDEX CONCURRENTLY i ON t (a)", "do it by hand"],
    ["CREATE VIEW v AS SELECT 1", "write CREATE OR REPLACE VIEW v"],
    ["CREATE ROLE x PASSWORD 'y'", "do it by hand"],
    ["-- x\nCREATE TABLE IF NOT EXISTS t (a int)", "take the comment at its beginning out"],
  ])("the statement %p, which does more or cannot run again", (statement, remedy) => {
    const message = refusal((db) => db.addSchema("other", { statements: [REVENUE, statement] }));
    expect(message).toMatch(
      /^stack\/analytics: statement 2 of schema other is .+ but must be a statement that begins with CREATE TABLE/,
    );
    expect(message).toContain(`: ${remedy}`);
  });
});
