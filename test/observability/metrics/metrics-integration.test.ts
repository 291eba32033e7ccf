import { TerraformStack, TerraformVariable } from "cdktf";
import {
  Duration,
  Egress,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  MetricsServer,
  PostgreSqlCluster,
  Software,
  SoftwareOrigin,
} from "../../../lib";
import type { DesiredState } from "../../../lib/node/desired-state";
import { METRICS_CONFIGURATION_FILE } from "../../../lib/node/paths";
import { cluster, desiredState, flinkConfiguration, someNetwork } from "../../cluster/support";
import { lockFileWithTelegraf } from "../../software/changed-lock-file";
import { temporaryFolder } from "../../software/temporary-folder";
import { Block, synthesize } from "../../support/synth";
import { asked, GROUP, metricsOf, metricsTo, policyOfMetrics, SECRET_ARN, whatMetricsMay } from "./metrics-of-cluster";

const SERVER: MetricsServer = {
  host: "metrics.example.internal",
  securityGroupId: GROUP,
  authentication: MetricsAuthentication.basic({ secretArn: SECRET_ARN }),
};
const BY_TOKEN = MetricsAuthentication.token({ secretArn: SECRET_ARN });
const INFLUXDB = MetricsDestination.influxDb({ ...SERVER, databaseName: "metrics" });
const AMAZON = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });

describe("whatever the destination", () => {
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
  test("in another network the way is the egress's, by a proxy too", () => {
    const egress = Egress.peered({ cidrs: ["10.20.0.0/24"] });
    const peered = MetricsDestination.prometheusRemoteWrite({ ...SERVER, securityGroupId: undefined, egress });
    const rule = metricsTo(peered)
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
    const { precondition } = policyOfMetrics(synthesized).lifecycle as { precondition: Block[] };
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
    expect(() => metricsTo(destination)).toThrow(
      `must be MetricsAuthentication.${kind}, as ${title} knows who calls by ${kind === "basic" ? "name and password" : "tokens"}: use MetricsAuthentication.${kind}(`,
    );
  });

  test("the output tells where they go", () => {
    const { output } = metricsTo(INFLUXDB).json as { output: Record<string, { value: unknown }> };
    expect(output.orders_metrics.value).toEqual({
      url: "https://metrics.example.internal:8086",
      metrics_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.flink_Metrics_[0-9A-F]+\.arn\}$/) as unknown,
    });
  });
});

describe("Amazon Managed Service for Prometheus", () => {
  test("the role may write to the workspace, and nothing else", () => {
    expect(whatMetricsMay(metricsTo(AMAZON))).toEqual({
      WriteMetrics: expect.objectContaining({
        Action: ["aps:RemoteWrite"],
        Resource: [expect.stringMatching(/^arn:\$\{.*\}:aps:\$\{.*\}:\$\{.*\}:workspace\/ws-12345678$/)],
      }),
    });
  });

  test("nodes reach it through an endpoint in the network, and read no secret", () => {
    const synthesized = metricsTo(AMAZON);
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
    const { precondition } = policyOfMetrics(synthesized).lifecycle as { precondition: Block[] };
    expect(precondition[0].error_message).toMatch(/^stack\/metrics must be given the id of a workspace, /);
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

  test.each([
    [{ interval: Duration.millis(5_500) }, "interval is 5500 ms"],
    [{ tags: { job_name: "x" } }, 'a key of tags is "job_name"'],
    [{ tags: { ok: "a\nb" } }, 'tags["ok"] is "a'],
    [{ tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, "x"])) }, "tags is 21"],
    [{ include: [] }, "include is []"],
    [{ exclude: ["a b"] }, 'exclude is ["a b"]'],
  ])("%j", (given, beginning) => {
    expect(() => metricsTo(AMAZON, given)).toThrow(`stack/metrics: ${beginning}`);
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
