import { inspect } from "node:util";
import { TerraformStack } from "cdktf";
import {
  Duration,
  InstanceType,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlClusterAttributes,
  PostgreSqlClusterProps,
  PostgreSqlGrant,
  PostgreSqlGrantOptions,
  PostgreSqlInstanceClass,
  PostgreSqlUser,
  PostgreSqlUserProps,
  PostgreSqlVersion,
  RemovalPolicy,
  Size,
} from "../../../lib";
import { NETWORK_ATTRIBUTES, someNetwork } from "../support";
import { DIRECT_EGRESSES } from "./egress";
import { BUCKET, KEYS, NETWORK, OWN_NETWORK } from "./made-in-stack";
import { enumeration, isEmptyOptions, props, Row, whole } from "./row";
import { CERTIFICATES, CONNECTION_NAMES, GROUP_IDS, HOSTS, PEMS, RETENTIONS } from "./shared-values";
import { existingPostgreSql, PASSWORD, POSTGRESQL_ATTRIBUTES, SCRAM, SECRET_ARN } from "./systems";
import { COMMON, EMPTY } from "./values";

const postgreSql = props<PostgreSqlClusterAttributes>("PostgreSqlClusterAttributes", (stack, given) =>
  existingPostgreSql(stack, "p", { ...POSTGRESQL_ATTRIBUTES, ...given }),
);

const SCHEMA_NAMES = {
  named: "name",
  takes: ["x", "__proto__", "analytics", "orders_1", "between", "a".repeat(63)],
  refuses: [
    ...["Orders_1", "a".repeat(64), "1a", "a-b", "a.b", 'a"b', "a\n"],
    ...["pg_catalog", "PG_x", "information_schema", "user", "left", "Order"],
  ],
  required: true,
};

export const POSTGRESQL: Row[] = [
  postgreSql("host", HOSTS, { certificateAuthorities: CERTIFICATES }),
  postgreSql("port", whole(1, 65_535)),
  postgreSql("databaseName", {
    takes: ["x", "null", "__proto__", "a".repeat(63), "Orders_1-x"],
    refuses: ["a".repeat(64), "1a", "-a", "a b", "a?user=b", "a/b", "a&b", "a\n"],
    required: true,
  }),
  postgreSql("securityGroupId", GROUP_IDS),
  {
    input: "PostgreSqlClusterAttributes.egress",
    ...DIRECT_EGRESSES,
    give: (stack, egress) =>
      existingPostgreSql(stack, "e", { ...POSTGRESQL_ATTRIBUTES, securityGroupId: undefined, egress }),
  },
  postgreSql("authentication", {
    takes: [PASSWORD],
    refuses: ["password", { secretArn: SECRET_ARN }, SCRAM],
    required: true,
  }),
  postgreSql("certificateAuthorities", PEMS),
  postgreSql(
    "certificateAuthorities",
    { about: "for RDS Proxy", takes: [], refuses: [CERTIFICATES], own: true },
    { host: "company.proxy-abc123.eu-west-1.rds.amazonaws.com" },
  ),
  postgreSql("connectionName", CONNECTION_NAMES),
  {
    input: "PostgreSqlAuthentication.password(secret)",
    named: "the argument of PostgreSqlAuthentication.password",
    give: (_, value) => PostgreSqlAuthentication.password(value),
    isMap: true,
    takes: [{ secretArn: SECRET_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "IPostgreSqlCluster.schema(name)",
    give: (stack, name) => existingPostgreSql(stack, "p", POSTGRESQL_ATTRIBUTES).schema(name),
    ...SCHEMA_NAMES,
  },
];

const newPostgreSql = (stack: TerraformStack, given: Partial<PostgreSqlClusterProps>) =>
  new PostgreSqlCluster(stack, "p", {
    ...("network" in given ? undefined : { network: someNetwork(stack, "p-network") }),
    ...{ databaseName: "analytics", ...given },
  } as PostgreSqlClusterProps);

const ownPostgreSql = props<Partial<PostgreSqlClusterProps>>("PostgreSqlClusterProps", newPostgreSql);

export const OWN_POSTGRESQL: Row[] = [
  ownPostgreSql("network", { takes: [NETWORK, OWN_NETWORK], refuses: [BUCKET, NETWORK_ATTRIBUTES], required: true }),
  ownPostgreSql("databaseName", {
    takes: ["x", "Orders_1", "a".repeat(63)],
    refuses: [
      ...["a".repeat(64), "_a", "1a", "a-b", "a?user=b", "a\n"],
      ...["postgres", "Template1", "rdsadmin", "user", "Order"],
    ],
    required: true,
  }),
  ownPostgreSql("authentication", { takes: [PASSWORD], refuses: ["password", { secretArn: SECRET_ARN }, SCRAM] }),
  ownPostgreSql("certificateAuthorities", PEMS),
  ownPostgreSql("instanceIdentifier", {
    takes: ["x", "null", "a1-b", "a".repeat(63)],
    refuses: ["a".repeat(64), "A", "1a", "a--b", "a-", "a_b", "a.b", "a\n"],
  }),
  ownPostgreSql("version", {
    takes: [PostgreSqlVersion.V15, PostgreSqlVersion.of("19")],
    refuses: ["17", 17, { version: "17" }],
  }),
  ownPostgreSql("instanceClass", {
    takes: [PostgreSqlInstanceClass.R7G_LARGE, PostgreSqlInstanceClass.of("db.x2g.large")],
    refuses: ["db.m7g.large", { name: "db.m7g.large" }, InstanceType.M7I_LARGE],
  }),
  ownPostgreSql("allocatedStorage", {
    takes: [Size.gibibytes(20), Size.gibibytes(64 * 1024)],
    refuses: [Size.gibibytes(19), Size.mebibytes(20 * 1024 + 1), "100 GiB", 100],
  }),
  ownPostgreSql("maxAllocatedStorage", {
    takes: [Size.gibibytes(100), Size.gibibytes(110), Size.gibibytes(64 * 1024)],
    refuses: [Size.gibibytes(99), Size.gibibytes(109), Size.mebibytes(200 * 1024 + 1), "1 TiB", 1000],
  }),
  ownPostgreSql("port", whole(1150, 65_535)),
  ownPostgreSql("backupRetention", {
    takes: [Duration.days(7), Duration.days(35)],
    refuses: [Duration.days(6), Duration.days(36), Duration.hours(7 * 24 + 1), 14],
  }),
  ownPostgreSql("encryptionKey", KEYS),
  ownPostgreSql("logRetention", RETENTIONS),
  ownPostgreSql("logEncryptionKey", KEYS),
  ownPostgreSql("removalPolicy", enumeration(RemovalPolicy)),
  ownPostgreSql("connectionName", CONNECTION_NAMES),
  {
    input: "PostgreSqlCluster.schema(name)",
    give: (stack, name) => newPostgreSql(stack, { authentication: PASSWORD }).schema(name),
    ...SCHEMA_NAMES,
  },
  {
    input: "PostgreSqlVersion.of(version)",
    named: "PostgreSqlVersion.of",
    give: (_, value) => PostgreSqlVersion.of(value),
    takes: ["14", "17", "100"],
    refuses: ["13", "9.6", "17.4", "v17", "017a", "17\n", 17],
    required: true,
  },
  {
    input: "PostgreSqlInstanceClass.of(name)",
    named: "PostgreSqlInstanceClass.of",
    give: (_, value) => PostgreSqlInstanceClass.of(value),
    takes: ["db.m7g.large", "db.x2iedn.32xlarge"],
    refuses: ["m7g.large", "db.t4g.medium", "db.serverless", "DB.m7g.large", "db.m7g.large\n"],
    required: true,
  },
];

const GRANT = PostgreSqlGrant.read("analytics");
const TABLE = "CREATE TABLE IF NOT EXISTS revenue (country text)";

const addUser = (stack: TerraformStack, name: string, given: PostgreSqlUserProps): PostgreSqlUser => {
  const db = newPostgreSql(stack, {});
  db.addSchema("analytics");
  return db.addUser(name, given);
};

const GRANTS = (["read", "append", "upsert", "upsertAndDelete"] as const).flatMap((method): Row[] => [
  {
    input: `PostgreSqlGrant.${method}(schema)`,
    give: (_, value) => PostgreSqlGrant[method](value),
    ...SCHEMA_NAMES,
    named: `schema of PostgreSqlGrant.${method}`,
  },
  {
    input: `PostgreSqlGrant.${method}(options)`,
    named: `options of PostgreSqlGrant.${method}`,
    give: (_, value) => PostgreSqlGrant[method]("analytics", value),
    isMap: true,
    takes: [EMPTY],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
]);

/** What the deploy makes in a database of one's own. */
export const PROVISIONED_POSTGRESQL: Row[] = [
  {
    input: "PostgreSqlCluster.addSchema(name)",
    give: (stack, name) => newPostgreSql(stack, {}).addSchema(name),
    ...SCHEMA_NAMES,
  },
  {
    input: "PostgreSqlCluster.addSchema(props)",
    named: "props of schema analytics",
    give: (stack, given) => newPostgreSql(stack, {}).addSchema("analytics", given),
    isMap: true,
    takes: [EMPTY],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "PostgreSqlSchemaProps.statements",
    named: "statements of schema analytics",
    give: (stack, statements: string[]) => newPostgreSql(stack, {}).addSchema("analytics", { statements }),
    takes: [[TABLE], [" create unique  index if not exists i on t (a)", "COMMENT ON TABLE t IS '${x} %{x} \"'"]],
    refuses: [TABLE, ...COMMON.filter((value) => !Array.isArray(value) || value.length === 0)],
    own: true,
  },
  {
    input: "PostgreSqlSchemaProps.statements",
    about: "each",
    named: "statement 2 of schema analytics",
    give: (stack, statement: string) =>
      newPostgreSql(stack, {}).addSchema("analytics", { statements: [TABLE, statement] }),
    takes: [
      `${TABLE};`,
      "ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS a numeric(20, 2) DEFAULT 0, ADD IF NOT EXISTS b text[]",
      'alter table only analytics."T, x" alter column a set default ARRAY[1, 2], alter b drop not null',
      "ALTER TABLE t ALTER a SET DEFAULT 'x, y; z', ALTER COLUMN a SET NOT NULL, ALTER b DROP DEFAULT -- and; no more",
      "COMMENT ON TABLE t IS $$a; b's$$",
    ],
    refuses: [
      ...["DROP TABLE t", "CREATE TABLE t (a int)", `${TABLE}${" ".repeat(65_536)}`, "COMMIT", "", " "],
      ...[`${TABLE}; DROP TABLE t`, "COMMENT ON TABLE t IS 'a'; COMMIT"],
      ...["ADD COLUMN b int", "ADD b int", "RENAME TO u", "RENAME a TO b", "DROP COLUMN a", "OWNER TO x"].map(
        (change) => `ALTER TABLE t ${change}`,
      ),
      "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
      "ALTER TABLE t ADD COLUMN IF NOT EXISTS a numeric(20, 2), ADD COLUMN b int",
      "ALTER TABLE t ALTER COLUMN a TYPE bigint",
      "ALTER TABLE t",
      ...COMMON,
    ],
    own: true,
  },
  {
    input: "PostgreSqlCluster.addUser(name)",
    named: "name",
    give: (stack, name) => addUser(stack, name, { grants: [GRANT] }),
    takes: ["x", "null", "__proto__", "a".repeat(63), "writer_1"],
    refuses: [
      "a".repeat(64),
      "1a",
      "Writer",
      "a-b",
      'a"b',
      "pg_x",
      "rds_x",
      "rdsadmin",
      "postgres",
      "dbowner",
      "public",
      "a\n",
    ],
    required: true,
  },
  {
    input: "PostgreSqlCluster.addUser(props)",
    named: "props of user writer",
    give: (stack, given) => addUser(stack, "writer", given),
    isMap: true,
    takes: [{ grants: [GRANT] }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  props<PostgreSqlUserProps>(
    "PostgreSqlUserProps",
    (stack, given) => addUser(stack, "writer", given),
    "user writer",
  )("grants", {
    takes: [[GRANT], [GRANT, PostgreSqlGrant.upsertAndDelete("analytics", { tables: ["revenue"] })]],
    refuses: [GRANT, ["read"], [GRANT, { schema: "analytics" }], [PostgreSqlGrant.read("others")]],
    required: true,
  }),
  props<PostgreSqlUserProps>("PostgreSqlUserProps", (stack, given) => addUser(stack, "writer", given))(
    "connectionName",
    CONNECTION_NAMES,
    { grants: [GRANT] },
  ),
  {
    input: "PostgreSqlUser.schema(name)",
    named: "name",
    give: (stack, name) => addUser(stack, "writer", { grants: [GRANT] }).schema(name),
    takes: ["analytics"],
    refuses: ["others", ...SCHEMA_NAMES.refuses],
    required: true,
  },
  ...GRANTS,
  props<PostgreSqlGrantOptions>(
    "PostgreSqlGrantOptions",
    (_, given) => PostgreSqlGrant.read("analytics", given),
    "PostgreSqlGrant.read",
  )("tables", {
    takes: [["revenue"], ["_a", "null", "a".repeat(63)], ...COMMON.filter((value) => inspect(value) === "[ 'x' ]")],
    refuses: [
      "revenue",
      ["analytics.revenue"],
      ["Revenue"],
      ['a"b'],
      ["a".repeat(64)],
      Array.from({ length: 101 }, () => "a"),
    ],
  }),
];
