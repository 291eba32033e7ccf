import { TerraformStack, TerraformVariable } from "cdktf";
import {
  Duration,
  Egress,
  FlinkNetwork,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  MetricsIntegrationProps,
  MetricsServer,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlGrant,
  Software,
  SoftwareOrigin,
} from "../../../lib";
import type { DesiredState } from "../../../lib/node/desired-state";
import { METRICS_CONFIGURATION_FILE } from "../../../lib/node/paths";
import {
  cluster,
  desiredState,
  flinkConfiguration,
  KEY_ARN,
  NETWORK_ATTRIBUTES,
  someNetwork,
} from "../../cluster/support";
import { findings } from "../../rules/findings";
import { lockFileWithTelegraf } from "../../software/changed-lock-file";
import { temporaryFolder } from "../../software/temporary-folder";
import { Block, statements, Synthesized, synthesize, testStack } from "../../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:metrics-writer-AbCdEf";
const GROUP = "sg-0123456789abcdef0";
const SERVER: MetricsServer = {
  host: "metrics.example.internal",
  securityGroupId: GROUP,
  authentication: MetricsAuthentication.basic({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
};
const BY_TOKEN = MetricsAuthentication.token({ secretArn: SECRET_ARN });
const INFLUXDB = MetricsDestination.influxDb({ ...SERVER, databaseName: "metrics" });
const AMAZON = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });

/** The metrics of the cluster `orders` of one node. */
function metricsOf(
  stack: TerraformStack,
  destination: MetricsDestination,
  given: Partial<MetricsIntegrationProps> = {},
) {
  const source = cluster(stack, { nodeCount: 1 });
  return new MetricsIntegration(stack, "metrics", { source, destination, ...given });
}

const to = (destination: MetricsDestination, given?: Partial<MetricsIntegrationProps>) =>
  synthesize((stack) => metricsOf(stack, destination, given));

const policyNamed = (synthesized: Synthesized, name: string): Block =>
  synthesized.all("aws_iam_role_policy").find((policy) => policy.name === name)!;

const whatMetricsMay = (synthesized: Synthesized) => statements(policyNamed(synthesized, "flink-metrics").policy);

/** What the nodes of the cluster are asked of their cluster, in the place of the desired state. */
function asked(destination: MetricsDestination, given: Partial<MetricsIntegrationProps> = {}) {
  const stack = testStack();
  const source = cluster(stack, { nodeCount: 1 });
  const ship = jest.spyOn(source, "_shipMetrics");
  new MetricsIntegration(stack, "metrics", { source, destination, ...given });
  return ship.mock.calls[0][0];
}

describe("whatever the destination", () => {
  const synthesized = to(INFLUXDB);

  test("a role of its own writes the metrics, which the cluster's machines alone may take", () => {
    const [id, role] = Object.entries(synthesized.resources("aws_iam_role")).find(([name]) => /Metrics/.test(name))!;
    expect(role).toMatchObject({ name_prefix: "orders-metrics-", description: "Metrics of the Flink cluster orders" });
    const nodeRole = Object.keys(synthesized.resources("aws_iam_role")).find((name) =>
      /^flink_Role_[0-9A-F]+$/.test(name),
    );
    expect(statements(role.assume_role_policy)).toEqual({
      MachinesOfTheCluster: expect.objectContaining({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: `\${aws_iam_role.${nodeRole}.arn}` },
      }),
    });
    expect(policyNamed(synthesized, "take-metrics-role")).toMatchObject({
      role: `\${aws_iam_role.${nodeRole}.name}`,
    });
    expect(statements(policyNamed(synthesized, "take-metrics-role").policy)).toEqual({
      TakeMetricsRole: expect.objectContaining({
        Action: ["sts:AssumeRole"],
        Resource: [`\${aws_iam_role.${id}.arn}`],
      }),
    });
  });

  test("the jobs' role gets nothing by it", () => {
    const ofJobs = synthesized.all("aws_iam_role_policy").filter(({ role }) => /Role_Job/.test(role as string));
    expect(ofJobs.map(({ name }) => name)).toEqual(["flink-job"]);
  });

  test("machines come after both policies and go before them", () => {
    const { depends_on: dependsOn } = synthesized.single("aws_instance");
    const policies = Object.keys(synthesized.resources("aws_iam_role_policy")).filter((id) =>
      /^flink_Metrics_/.test(id),
    );
    expect(policies).toHaveLength(2);
    for (const id of policies) expect(dependsOn).toContain(`aws_iam_role_policy.${id}`);
  });

  test("no rule of ours has anything against it", () => {
    expect(findings(synthesized)).toEqual([]);
    expect(findings(to(AMAZON))).toEqual([]);
  });

  test("a cluster without it has nothing of it", () => {
    const { text } = synthesize((stack) => cluster(stack, { nodeCount: 1 }));
    expect(text).not.toMatch(/telegraf|take-metrics-role|flink-metrics/i);
  });

  test("nodes are told the defaults, or what was said", () => {
    expect(asked(INFLUXDB).input).toMatchObject({
      intervalSeconds: 30,
      tags: {},
      operatorMetrics: false,
      bufferedMetrics: 20_000,
    });
    const given = {
      interval: Duration.minutes(1),
      tags: { team: "b", environment: "a" },
      include: ["flink_*"],
      exclude: ["flink_jobmanager_Status_*"],
      operatorMetrics: true,
      bufferedMetrics: 1_000,
    };
    const { interval, ...others } = given;
    const { input } = asked(INFLUXDB, given);
    expect(input).toMatchObject({ ...others, intervalSeconds: interval.toSeconds() });
    expect(Object.keys(input.tags)).toEqual(["environment", "team"]);
  });
});

describe("a server by its address", () => {
  test("the role reads the one secret, through the network's endpoint", () => {
    const synthesized = to(INFLUXDB);
    expect(whatMetricsMay(synthesized)).toEqual({
      WriteCredential: expect.objectContaining({ Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET_ARN] }),
      WriteKey: expect.objectContaining({
        Action: ["kms:Decrypt"],
        Resource: [KEY_ARN],
        Condition: {
          StringEquals: expect.objectContaining({ "kms:EncryptionContext:SecretARN": [SECRET_ARN] }) as unknown,
        },
      }),
    });
    expect(synthesized.all("aws_vpc_endpoint").map(({ service_name }) => service_name)).toContainEqual(
      expect.stringMatching(/\.secretsmanager$/),
    );
  });

  test("the doors on both sides are opened, at its port alone, and say what for", () => {
    const synthesized = to(INFLUXDB);
    const outwards = synthesized
      .all("aws_vpc_security_group_egress_rule")
      .filter(({ referenced_security_group_id }) => referenced_security_group_id === GROUP);
    expect(outwards).toEqual([
      expect.objectContaining({ from_port: 8086, to_port: 8086, description: "Where metrics go: stack/metrics" }),
    ]);
    const inwards = synthesized
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id }) => security_group_id === GROUP);
    expect(inwards).toEqual([expect.objectContaining({ from_port: 8086, to_port: 8086 })]);
  });

  test("in another network the way is the egress's, by a proxy too", () => {
    const egress = Egress.peered({ cidrs: ["10.20.0.0/24"] });
    const peered = MetricsDestination.prometheusRemoteWrite({ ...SERVER, securityGroupId: undefined, egress });
    const rule = to(peered)
      .all("aws_vpc_security_group_egress_rule")
      .find(({ cidr_ipv4 }) => cidr_ipv4 === "10.20.0.0/24");
    expect(rule).toMatchObject({ from_port: 443, description: "Where metrics go: stack/metrics" });
    const proxy = Egress.proxy({ host: "proxy.example.internal", port: 3128, securityGroupId: GROUP });
    const { input } = asked(
      MetricsDestination.prometheusRemoteWrite({ ...SERVER, securityGroupId: undefined, egress: proxy }),
    );
    expect(input.destination).toMatchObject({ proxy: { host: "proxy.example.internal", port: 3128 } });
  });

  test("values that only Terraform knows must hold no wildcard before anything is written", () => {
    const synthesized = synthesize((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const authentication = MetricsAuthentication.token({ secretArn: text("secret") });
      metricsOf(stack, MetricsDestination.m3({ ...SERVER, host: text("host"), authentication }));
    });
    const { precondition } = policyNamed(synthesized, "flink-metrics").lifecycle as { precondition: Block[] };
    expect(precondition.map(({ error_message: message }) => message)).toEqual([
      expect.stringMatching(/^stack\/metrics must be given the name of a host, /),
      expect.stringMatching(/^stack\/metrics must be given the full ARN of a secret, /),
    ]);
  });

  test.each([
    [
      "InfluxDB 1",
      MetricsDestination.influxDb({ ...SERVER, databaseName: "metrics", retentionPolicy: "month" }),
      {
        kind: "influxdb",
        url: "https://metrics.example.internal:8086",
        database: "metrics",
        retentionPolicy: "month",
        login: { kind: "basic", secretArn: SECRET_ARN },
      },
    ],
    [
      "InfluxDB 2",
      MetricsDestination.influxDb2({ ...SERVER, organization: "ops", bucket: "m/rp", authentication: BY_TOKEN }),
      {
        kind: "influxdb2",
        url: "https://metrics.example.internal:8086",
        organization: "ops",
        bucket: "m/rp",
        login: { kind: "token", secretArn: SECRET_ARN },
      },
    ],
    [
      "Prometheus",
      MetricsDestination.prometheusRemoteWrite({ ...SERVER, port: 9090 }),
      {
        kind: "prometheus-remote-write",
        url: "https://metrics.example.internal:9090/api/v1/write",
        login: { kind: "basic", secretArn: SECRET_ARN },
      },
    ],
    [
      "another path of remote write",
      MetricsDestination.prometheusRemoteWrite({ ...SERVER, path: "/api/v1/push", authentication: BY_TOKEN }),
      {
        kind: "prometheus-remote-write",
        url: "https://metrics.example.internal:443/api/v1/push",
        login: { kind: "token", secretArn: SECRET_ARN },
      },
    ],
    [
      "M3",
      MetricsDestination.m3({ ...SERVER, port: 7201 }),
      {
        kind: "prometheus-remote-write",
        url: "https://metrics.example.internal:7201/api/v1/prom/remote/write",
        login: { kind: "basic", secretArn: SECRET_ARN },
      },
    ],
  ])("nodes are told of %s", (_, destination, spec) => {
    expect(asked(destination).input.destination).toMatchObject({ ...spec, timeoutSeconds: 10 });
  });

  test.each([
    ["InfluxDB 1", MetricsDestination.influxDb({ ...SERVER, databaseName: "m", authentication: BY_TOKEN }), "basic"],
    ["InfluxDB 2", MetricsDestination.influxDb2({ ...SERVER, organization: "o", bucket: "b" }), "token"],
  ])("%s takes its own kind of login", (title, destination, kind) => {
    expect(() => to(destination)).toThrow(
      `must be MetricsAuthentication.${kind}, as ${title} knows who calls by ${kind === "basic" ? "name and password" : "tokens"}: use MetricsAuthentication.${kind}(`,
    );
  });

  test("the output tells where they go", () => {
    const { output } = to(INFLUXDB).json as { output: Record<string, { value: unknown }> };
    expect(output.orders_metrics.value).toEqual({
      url: "https://metrics.example.internal:8086",
      metrics_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.flink_Metrics_[0-9A-F]+\.arn\}$/) as unknown,
    });
  });
});

describe("Amazon Managed Service for Prometheus", () => {
  test("the role may write to the workspace, and nothing else", () => {
    expect(whatMetricsMay(to(AMAZON))).toEqual({
      WriteMetrics: expect.objectContaining({
        Action: ["aps:RemoteWrite"],
        Resource: [expect.stringMatching(/^arn:\$\{.*\}:aps:\$\{.*\}:\$\{.*\}:workspace\/ws-12345678$/)],
      }),
    });
  });

  test("nodes reach it through an endpoint in the network, and read no secret", () => {
    const synthesized = to(AMAZON);
    const services = synthesized.all("aws_vpc_endpoint").map(({ service_name: name }) => name as string);
    expect(services).toContainEqual(expect.stringMatching(/\.aps-workspaces$/));
    expect(synthesized.text).not.toContain("secretsmanager");
    expect(asked(AMAZON).input.destination).toMatchObject({
      url: expect.stringMatching(/^https:\/\/aps-workspaces\..*\/workspaces\/ws-12345678\/api\/v1\/remote_write$/),
      login: { kind: "iam", service: "aps" },
    });
  });

  test("an id that only Terraform knows must be one", () => {
    const synthesized = synthesize((stack) => {
      const workspaceId = new TerraformVariable(stack, "id", { type: "string" }).stringValue;
      metricsOf(stack, MetricsDestination.amazonPrometheus({ workspaceId }));
    });
    const { precondition } = policyNamed(synthesized, "flink-metrics").lifecycle as { precondition: Block[] };
    expect(precondition[0].error_message).toMatch(/^stack\/metrics must be given the id of a workspace, /);
  });
});

describe("PostgreSQL", () => {
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
    expect(Object.keys(whatMetricsMay(to(MetricsDestination.postgreSql(ADDRESS))))).toEqual(["WriteCredential"]);
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
});

describe("what is refused", () => {
  const reporter = (port?: string) => ({
    "metrics.reporter.mine.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
    ...(port === undefined ? {} : { "metrics.reporter.mine.port": port }),
  });
  const withReporter = (flinkConfiguration: Record<string, string>) =>
    synthesize((stack) => {
      const source = cluster(stack, { nodeCount: 1, flinkConfiguration });
      new MetricsIntegration(stack, "metrics", { source, destination: AMAZON });
    });

  test.each([undefined, "9249", "9200,9250", "9240-9260"])(
    "a reporter for Prometheus of the user's at a port of ours: %s",
    (port) => {
      expect(() => withReporter(reporter(port))).toThrow(
        /^stack\/metrics: flinkConfiguration\["metrics\.reporter\.mine\.port"\] of the cluster is .*9249 and 9250/,
      );
    },
  );

  test("and neither one at other ports, nor another kind, nor where no metrics are shipped", () => {
    const push = "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory";
    expect(() => withReporter(reporter("9251-9260"))).not.toThrow();
    expect(() => withReporter({ "metrics.reporter.mine.factory.class": push })).not.toThrow();
    expect(() => synthesize((stack) => void cluster(stack, { flinkConfiguration: reporter() }))).not.toThrow();
  });

  test("a second way of one cluster's metrics", () => {
    synthesize((stack) => {
      const { node } = metricsOf(stack, INFLUXDB);
      const source = node.scope!.node.findChild("flink") as MetricsIntegrationProps["source"];
      expect(() => new MetricsIntegration(stack, "second", { source, destination: AMAZON })).toThrow(
        'stack/second: source is "the construct stack/flink", but must be a cluster whose metrics go nowhere yet, and stack/metrics has them: leave out one of stack/metrics and stack/second',
      );
    });
  });

  test("a cluster of another program, and one of another stack", () => {
    const stack = testStack("one");
    const source = cluster(stack, { nodeCount: 1 });
    const other = testStack("two", stack.node.root as never);
    expect(() => new MetricsIntegration(other, "metrics", { source, destination: AMAZON })).toThrow(
      'two/metrics: source is "the construct one/flink", but must be a cluster of the same stack, as each would wait for the other: make the MetricsIntegration in the stack one',
    );
    const existing = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", NETWORK_ATTRIBUTES);
    expect(() => new MetricsIntegration(stack, "metrics", { source: existing as never, destination: AMAZON })).toThrow(
      'one/metrics: source is "the construct one/network", but must be a FlinkCluster of this program, ',
    );
  });

  test.each([
    [{ interval: Duration.millis(5_500) }, "interval is 5500 ms"],
    [{ tags: { job_name: "x" } }, 'a key of tags is "job_name"'],
    [{ tags: { ok: "a\nb" } }, 'tags["ok"] is "a'],
    [{ tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, "x"])) }, "tags is 21"],
    [{ include: [] }, "include is []"],
    [{ exclude: ["a b"] }, 'exclude is ["a b"]'],
  ])("%j", (given, beginning) => {
    expect(() => to(AMAZON, given)).toThrow(`stack/metrics: ${beginning}`);
  });
});

describe("what nodes read", () => {
  const folder = temporaryFolder();
  /** The desired state of a cluster with these metrics, of software that holds a Telegraf. */
  function stateOf(destination: (stack: TerraformStack) => MetricsDestination) {
    const software = Software.published({
      lockFile: lockFileWithTelegraf(folder),
      origin: SoftwareOrigin.PACKAGE_REGISTRIES,
    });
    const synthesized = synthesize((stack) => {
      const source = cluster(stack, { nodeCount: 1, software });
      new MetricsIntegration(stack, "metrics", { source, destination: destination(stack) });
    });
    return desiredState(synthesized);
  }
  const telegrafOf = ({ nodes }: DesiredState): string =>
    nodes[0].files.find(({ path }) => path === METRICS_CONFIGURATION_FILE)!.content;

  test("what Terraform alone knows reaches Telegraf's configuration as Terraform knows it", () => {
    const ofDatabase = telegrafOf(
      stateOf((stack) =>
        MetricsDestination.postgreSqlCluster(
          new PostgreSqlCluster(stack, "db", { network: someNetwork(stack), databaseName: "company" }),
        ),
      ),
    );
    expect(ofDatabase).toMatch(/[^$]\$\{aws_db_instance\.db_[0-9A-F]+\.address\}/);
    expect(telegrafOf(stateOf(() => AMAZON))).toMatch(
      /"https:\/\/aps-workspaces\.\$\{[^}]+\}\.\$\{[^}]+\}\/workspaces\/ws-12345678\/api\/v1\/remote_write"/,
    );
  });

  test("a secret is not among it, and Flink is told of the reporter", () => {
    const state = stateOf(() => INFLUXDB);
    expect(state.metrics).toMatchObject({ secretArn: SECRET_ARN });
    expect(telegrafOf(state)).not.toContain("secretsmanager");
    expect(Object.keys(flinkConfiguration(state)).filter((key) => key.startsWith("metrics.reporter."))).not.toEqual([]);
    expect(state.units.map(({ name }) => name)).toContain("flink-metrics.service");
  });

  test("without metrics all of it is as if there were none to ship", () => {
    const state = desiredState(synthesize((stack) => cluster(stack, { nodeCount: 1 })));
    expect(JSON.stringify(state)).not.toMatch(/metrics\.reporter|telegraf|flink-metrics/i);
    expect(state).not.toHaveProperty("metrics");
  });
});
