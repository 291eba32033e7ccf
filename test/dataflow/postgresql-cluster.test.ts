import { App, TerraformStack } from "cdktf";
import {
  Duration,
  FlinkNetwork,
  Key,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlClusterProps,
  PostgreSqlInstanceClass,
  PostgreSqlVersion,
  RemovalPolicy,
  Size,
} from "../../lib";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { cluster, desiredState, KEY_ARN, NETWORK_ATTRIBUTES, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize } from "../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:analytics-writer-AbCdEf";
const AUTHENTICATION = PostgreSqlAuthentication.password({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN });

function database(stack: TerraformStack, given: Partial<PostgreSqlClusterProps> = {}): PostgreSqlCluster {
  const network = given.network ?? someNetwork(stack, "db-network");
  return new PostgreSqlCluster(stack, "analytics", { databaseName: "company", ...given, network });
}

const instanceOf = (synthesized: Synthesized): Block => synthesized.single("aws_db_instance");
/** The reference to the only one of a type whose id begins so. */
function reference(synthesized: Synthesized, type: string, beginning: string, attribute: string): string {
  const ids = Object.keys(synthesized.resources(type)).filter((id) => id.startsWith(beginning));
  expect(ids).toHaveLength(1);
  return `\${${type}.${ids[0]}.${attribute}}`;
}

test("a database with a standby in another zone, in the subnets of the network, reached from nowhere else", () => {
  const synthesized = synthesize((stack) => database(stack));
  const group = reference(synthesized, "aws_security_group", "analytics_SecurityGroup_", "id");
  expect(instanceOf(synthesized)).toMatchObject({
    identifier: "stack-analytics",
    engine: "postgres",
    engine_version: "17",
    instance_class: "db.m7g.large",
    db_name: "company",
    port: 5433,
    multi_az: true,
    auto_minor_version_upgrade: true,
    allocated_storage: 100,
    max_allocated_storage: 400,
    storage_type: "gp3",
    db_subnet_group_name: reference(synthesized, "aws_db_subnet_group", "analytics_Subnets_", "name"),
    publicly_accessible: false,
    vpc_security_group_ids: [group],
  });
  expect(synthesized.single("aws_db_subnet_group").subnet_ids).toEqual(NETWORK_ATTRIBUTES.subnetIds);
  expect(synthesized.single("aws_security_group").revoke_rules_on_delete).toBe(true);
  expect(synthesized.all("aws_vpc_security_group_ingress_rule")).toEqual([]);
  expect(synthesized.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  expect(findings(synthesized)).toEqual([]);
});

test("what is stored, the administrator's password and what is measured are under a key of its own", () => {
  const synthesized = synthesize((stack) => database(stack));
  const key = reference(synthesized, "aws_kms_key", "analytics_Key_", "arn");
  expect(instanceOf(synthesized)).toMatchObject({
    storage_encrypted: true,
    kms_key_id: key,
    username: "dbowner",
    manage_master_user_password: true,
    master_user_secret_kms_key_id: key,
    performance_insights_enabled: true,
    performance_insights_kms_key_id: key,
  });
  expect(instanceOf(synthesized)).not.toHaveProperty("password");
});

test("PostgreSQL itself refuses who comes without TLS, and logs what is slow and what changes tables", () => {
  const synthesized = synthesize((stack) => database(stack));
  const group = synthesized.single("aws_db_parameter_group");
  expect(instanceOf(synthesized)).toMatchObject({
    ca_cert_identifier: "rds-ca-rsa2048-g1",
    parameter_group_name: reference(synthesized, "aws_db_parameter_group", "analytics_Parameters_", "name"),
  });
  expect(group).toMatchObject({ family: "postgres17", lifecycle: { create_before_destroy: true } });
  const parameters = (group.parameter as Block[]).map(({ name, value }) => [name, value] as const);
  expect(Object.fromEntries(parameters)).toEqual({
    log_min_duration_statement: "1000",
    log_statement: "ddl",
    password_encryption: "scram-sha-256",
    "rds.force_ssl": "1",
  });
});

test("each log has a log group that is there before the database, under a key of the customer", () => {
  const synthesized = synthesize((stack) => database(stack));
  const groups = Object.entries(synthesized.resources("aws_cloudwatch_log_group"));
  const exported = instanceOf(synthesized).enabled_cloudwatch_logs_exports as string[];
  expect(exported).toEqual(["postgresql", "upgrade"]);
  expect(groups.map(([, { name }]) => name as string).sort()).toEqual(
    exported.map((log) => `/aws/rds/instance/stack-analytics/${log}`),
  );
  for (const [id, group] of groups) {
    expect(group).toMatchObject({ retention_in_days: 365 });
    expect(instanceOf(synthesized).depends_on).toContain(`aws_cloudwatch_log_group.${id}`);
  }
});

test("its machines tell of themselves by a role that Amazon RDS takes on for this database alone", () => {
  const synthesized = synthesize((stack) => database(stack));
  const role = synthesized.single("aws_iam_role");
  expect(instanceOf(synthesized)).toMatchObject({
    monitoring_interval: 60,
    monitoring_role_arn: reference(synthesized, "aws_iam_role", "analytics_Monitoring_", "arn"),
  });
  expect(Object.values(statements(role.assume_role_policy))).toMatchObject([
    {
      Principal: { Service: "monitoring.rds.amazonaws.com" },
      Condition: {
        StringEquals: {
          "aws:SourceAccount": expect.stringMatching(/account_id\}$/) as string,
          "aws:SourceArn": expect.stringMatching(/:rds:.+:db:stack-analytics$/) as string,
        },
      },
    },
  ]);
  const policy = Object.keys(synthesized.resources("aws_iam_role_policy"));
  expect(instanceOf(synthesized).depends_on).toContain(`aws_iam_role_policy.${policy[0]}`);
});

test("it stays with its key, and leaves a last snapshot, but where all is to go", () => {
  const retained = synthesize((stack) => database(stack));
  expect(instanceOf(retained)).toMatchObject({
    backup_retention_period: 14,
    copy_tags_to_snapshot: true,
    delete_automated_backups: false,
    deletion_protection: true,
    skip_final_snapshot: false,
    final_snapshot_identifier: "stack-analytics-final",
    lifecycle: { prevent_destroy: true },
  });
  const isHeld = ({ lifecycle }: Block) => (lifecycle as Block | undefined)?.prevent_destroy as unknown;
  expect(isHeld(retained.named("aws_kms_key", "analytics_Key_"))).toBe(true);
  expect(isHeld(retained.named("aws_kms_alias", "analytics_Key_"))).toBe(true);
  expect(retained.all("terraform_data").map(isHeld)).toEqual([true, true]);

  const gone = synthesize((stack) => database(stack, { removalPolicy: RemovalPolicy.DESTROY }));
  expect(instanceOf(gone)).toMatchObject({
    delete_automated_backups: true,
    deletion_protection: false,
    skip_final_snapshot: true,
    lifecycle: { prevent_destroy: false },
  });
  expect(instanceOf(gone)).not.toHaveProperty("final_snapshot_identifier");
  expect(isHeld(gone.named("aws_kms_key", "analytics_Key_"))).toBe(false);
});

test("jobs that use it get one way to it, its authorities, and the secret of their own user", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1 });
    const db = database(stack, { authentication: AUTHENTICATION });
    flink.readFrom(db.schema("orders"));
    flink.writeTo(db.schema("revenue"));
  });
  const address = reference(synthesized, "aws_db_instance", "analytics_", "address");
  const { files, connectionCredentials } = desiredState(synthesized);
  const contentOf = (name: string) => files.find(({ path }) => path.endsWith(`/connections/${name}`))!;
  const authorities = contentOf("analytics.pem");
  expect(authorities.content).toBe(rdsAuthorities("eu-west-1"));
  expect(JSON.parse(contentOf("analytics.json").content)).toEqual({
    kind: "postgresql",
    url: `jdbc:postgresql://${address}:5433/company?service=analytics&sslmode=verify-full&sslrootcert=${authorities.path}`,
    schemas: { read: ["orders"], write: ["revenue"] },
  });
  expect(connectionCredentials).toEqual([{ name: "analytics", kind: "postgresql", secretArn: SECRET_ARN }]);
  const group = reference(synthesized, "aws_security_group", "analytics_SecurityGroup_", "id");
  const toDatabase = synthesized
    .all("aws_vpc_security_group_ingress_rule")
    .filter(({ security_group_id }) => security_group_id === group);
  expect(toDatabase).toEqual([expect.objectContaining({ from_port: 5433, to_port: 5433, ip_protocol: "tcp" })]);
  const policies = synthesized.all("aws_iam_role_policy").map(({ policy }) => policy as string);
  expect(policies.filter((policy) => policy.includes("master_user_secret"))).toEqual([]);
  expect(findings(synthesized)).toEqual([]);
});

test("nobody uses it as its administrator: without a user for jobs there is no schema", () => {
  synthesize((stack) => {
    expect(() => database(stack).schema("orders")).toThrow(
      "stack/analytics: authentication is undefined, but must be given, because jobs never log in as the one who administers the database: use schema() of what addUser gives, or make a user there and set authentication (docs/postgresql.md)",
    );
  });
});

test("authorities are asked for where the program says no region, and only when a schema is", () => {
  const stack = new TerraformStack(new App(), "stack");
  const db = database(stack, { authentication: AUTHENTICATION });
  expect(() => db.schema("orders")).toThrow(
    "stack/analytics: certificateAuthorities is undefined, but must be given, because the stack's AWS provider says no region: set region of the AWS provider, or certificateAuthorities to the certificate bundle of Amazon RDS for the region",
  );
  const other = new TerraformStack(new App(), "stack");
  const given = { authentication: AUTHENTICATION, certificateAuthorities: rdsAuthorities("us-east-1") };
  expect(database(other, given).schema("orders").scopeName).toBe("postgresql stack/analytics orders");
});

test("a network of one zone, and a secret of another region, are refused", () => {
  synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network", { availabilityZoneCount: 1 });
    expect(() => database(stack, { network })).toThrow(
      'network is "the construct stack/network", but must be a network of three zones, as the standby is in another zone',
    );
  });
  synthesize((stack) => {
    const secretArn = SECRET_ARN.replace("eu-west-1", "us-east-1");
    expect(() => database(stack, { authentication: PostgreSqlAuthentication.password({ secretArn }) })).toThrow(
      "must be a secret of eu-west-1, the region of this stack's AWS provider",
    );
  });
});

test.each([
  [20, undefined, 80],
  [100, 100, undefined],
  [100, 110, 110],
  [30_000, undefined, 65_536],
  [60_000, undefined, undefined],
])("storage of %p GiB, at most %p, grows up to %p", (first, most, grown) => {
  const synthesized = synthesize((stack) =>
    database(stack, {
      allocatedStorage: Size.gibibytes(first),
      maxAllocatedStorage: most === undefined ? undefined : Size.gibibytes(most),
    }),
  );
  const { allocated_storage, max_allocated_storage } = instanceOf(synthesized) as Record<string, unknown>;
  expect([allocated_storage, max_allocated_storage]).toEqual([first, grown]);
});

test("everything of it can be said", () => {
  const synthesized = synthesize((stack) => {
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    const db = database(stack, {
      instanceIdentifier: "company",
      version: PostgreSqlVersion.V18,
      instanceClass: PostgreSqlInstanceClass.R7G_XLARGE,
      port: 6543,
      backupRetention: Duration.days(35),
      encryptionKey: key,
      logEncryptionKey: key,
      logRetention: Duration.days(400),
      connectionName: "warehouse",
      authentication: AUTHENTICATION,
    });
    cluster(stack, { nodeCount: 1 }).writeTo(db.schema("orders"));
  });
  expect(instanceOf(synthesized)).toMatchObject({
    identifier: "company",
    engine_version: "18",
    instance_class: "db.r7g.xlarge",
    port: 6543,
    backup_retention_period: 35,
    kms_key_id: KEY_ARN,
    master_user_secret_kms_key_id: KEY_ARN,
    performance_insights_kms_key_id: KEY_ARN,
  });
  expect(synthesized.single("aws_db_parameter_group").family).toBe("postgres18");
  const groups = synthesized
    .all("aws_cloudwatch_log_group")
    .filter(({ name }) => (name as string).startsWith("/aws/rds/instance/company/"));
  expect(groups).toHaveLength(2);
  for (const group of groups) expect(group).toMatchObject({ retention_in_days: 400, kms_key_id: KEY_ARN });
  expect(desiredState(synthesized).files.map(({ path }) => path)).toEqual(
    expect.arrayContaining([expect.stringMatching(/\/connections\/warehouse\.json$/)]),
  );
});
