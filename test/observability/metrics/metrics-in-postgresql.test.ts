import type { TerraformStack } from "cdktf";
import {
  MetricsDestination,
  MetricsIntegration,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlGrant,
} from "../../../lib";
import { cluster, someNetwork } from "../../cluster/support";
import { Block, synthesize } from "../../support/synth";
import { asked, GROUP, metricsOf, metricsTo, SECRET_ARN, whatMetricsMay } from "./metrics-of-cluster";

const ADDRESS = {
  host: "metrics.example.internal",
  databaseName: "metrics",
  securityGroupId: GROUP,
  authentication: PostgreSqlAuthentication.password({ secretArn: SECRET_ARN }),
};
const ofOurOwn = (build: (stack: TerraformStack, database: PostgreSqlCluster) => void) =>
  synthesize((stack) =>
    build(stack, new PostgreSqlCluster(stack, "db", { network: someNetwork(stack), databaseName: "company" })),
  );

test("by its address nodes are told where its tables lie, for how long, and who may read them", () => {
  const options = { schemaName: "flink", retentionDays: 0, readerName: "grafana" };
  const { input, services } = asked(MetricsDestination.postgreSql(ADDRESS, options));
  expect(input.destination).toEqual({
    kind: "postgresql",
    host: "metrics.example.internal",
    port: 5432,
    database: "metrics",
    schema: "flink",
    reader: "grafana",
    retentionDays: 0,
    login: { kind: "basic", secretArn: SECRET_ARN },
    certificateAuthorities: undefined,
    timeoutSeconds: 10,
  });
  expect(services).toEqual(["secretsmanager"]);
  expect(Object.keys(whatMetricsMay(metricsTo(MetricsDestination.postgreSql(ADDRESS))))).toEqual(["WriteCredential"]);
});

test("in a database of our own the deploy makes the schema, who writes and who reads", () => {
  let readerSecretArn: string | undefined;
  const synthesized = ofOurOwn((stack, database) => {
    ({ readerSecretArn } = metricsOf(stack, MetricsDestination.postgreSqlCluster(database)));
  });
  expect(readerSecretArn).toBeDefined();
  const asked = JSON.parse(synthesized.single("aws_lambda_invocation").input as string) as Block;
  const ofMetrics = (access: string) => [{ schema: "metrics", access }];
  expect(asked).toMatchObject({
    schemas: [{ name: "metrics", statements: [], maker: "metrics_writer" }],
    users: [
      { name: "metrics_writer", grants: ofMetrics("make-tables") },
      { name: "metrics_reader", grants: ofMetrics("enter") },
    ],
  });
  const { WriteCredential, WriteKey } = whatMetricsMay(synthesized);
  expect(WriteCredential.Resource).toEqual([
    expect.stringMatching(/^\$\{aws_secretsmanager_secret\.db_Provisioning_user-metrics_writer_Secret_\w+\.arn\}$/),
  ]);
  expect(WriteKey.Action).toEqual(["kms:Decrypt"]);
  expect(
    synthesized
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ from_port: port, security_group_id: group }) => port === 5433 && /^\$\{.*db_/.test(group as string)),
  ).toContainEqual(expect.objectContaining({ description: "Nodes of the Flink cluster orders" }));
  const { output } = synthesized.json as { output: Record<string, { value: Block }> };
  expect(output.orders_metrics.value).toMatchObject({
    schema: "metrics",
    retention_days: 30,
    reader_secret_arn: expect.stringContaining("metrics_reader") as unknown,
  });
});

test("clusters share its schema, and keep rows equally long", () => {
  ofOurOwn((stack, database) => {
    const of = (name: string) => cluster(stack, { nodeCount: 1, clusterName: `team-${name}` }, `flink-${name}`);
    const destination = MetricsDestination.postgreSqlCluster(database);
    new MetricsIntegration(stack, "a", { source: of("a"), destination });
    new MetricsIntegration(stack, "b", { source: of("b"), destination });
    const longer = MetricsDestination.postgreSqlCluster(database, { retentionDays: 60 });
    expect(() => new MetricsIntegration(stack, "c", { source: of("c"), destination: longer })).toThrow(
      "stack/c: retentionDays is 60, but must be 30 as that of stack/a, whose metrics lie in the same schema metrics: give both the same retentionDays, or one of them another schemaName",
    );
    const elsewhere = MetricsDestination.postgreSqlCluster(database, { retentionDays: 60, schemaName: "others" });
    new MetricsIntegration(stack, "d", { source: of("d"), destination: elsewhere });
  });
});

test("a schema that the program has already is not the metrics'", () => {
  ofOurOwn((stack, database) => {
    database.addSchema("metrics");
    expect(() => metricsOf(stack, MetricsDestination.postgreSqlCluster(database))).toThrow(
      'name is "metrics", but must be another one, as there is a schema of this name in the program already',
    );
  });
});

test("a schema that jobs use is refused for metrics, and the other way round", () => {
  synthesize((stack) => {
    const database = PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, "db", ADDRESS);
    const source = cluster(stack, { nodeCount: 1 });
    source.writeTo(database.schema("metrics"));
    const destination = MetricsDestination.postgreSqlCluster(database);
    expect(() => new MetricsIntegration(stack, "metrics", { source, destination })).toThrow(
      'stack/metrics: destination is "postgresql stack/db metrics", but must be apart from postgresql stack/db metrics, which jobs of the cluster use: set another schemaName, or give jobs another schema',
    );
    const others = MetricsDestination.postgreSqlCluster(database, { schemaName: "others" });
    new MetricsIntegration(stack, "others", { source, destination: others });
    expect(() => source.readFrom(database.schema("others"))).toThrow(
      'stack/flink: readFrom is "postgresql stack/db others", but must be apart from postgresql stack/db others, to which stack/others writes the metrics of the cluster: give jobs another schema, or set another schemaName of the metrics',
    );
  });
});

test("who reads is made by the deploy in a database of our own, and given nowhere else", () => {
  ofOurOwn((_, database) => {
    expect(() => MetricsDestination.postgreSqlCluster(database, { readerName: "grafana" })).toThrow(
      'readerName of MetricsDestination.postgreSqlCluster is "grafana", but must be left out for a database of our own, where the deploy makes one who may read: ',
    );
  });
});

test("users of jobs get no grant on the schema of metrics, nor the names of its users", () => {
  ofOurOwn((stack, database) => {
    metricsOf(stack, MetricsDestination.postgreSqlCluster(database));
    expect(() => database.addUser("jobs", { grants: [PostgreSqlGrant.read("metrics")] })).toThrow(
      'grants of user jobs is "metrics", but must be of schemas that addSchema was given before, which are none: use the reader that the deploy makes for the metrics there',
    );
    database.addSchema("analytics");
    expect(() => database.addUser("metrics_writer", { grants: [PostgreSqlGrant.read("analytics")] })).toThrow(
      "there is a user of this name in the program already",
    );
  });
});
