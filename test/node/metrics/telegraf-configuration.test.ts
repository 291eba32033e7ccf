import { parse } from "smol-toml";
import type { MetricsDestinationSpec, MetricsShippingInput } from "../../../lib/node/metrics/metrics-shipping";
import { renderTelegrafConfiguration } from "../../../lib/node/metrics/telegraf-configuration";
import { AUTHORITY, INFLUXDB_DESTINATION, METRICS, METRICS_SECRET } from "../support/metrics-shipping-input";

interface Configuration {
  readonly agent: Readonly<Record<string, unknown>>;
  readonly secretstores?: unknown;
  readonly inputs: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly processors: { readonly starlark: readonly [{ readonly constants: Readonly<Record<string, unknown>> }] };
  readonly outputs: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

const NODE = { cluster: "orders", node: "orders-node-1" };
const TOKEN = { kind: "token", secretArn: METRICS_SECRET } as const;
const AUTHORITIES = "/opt/cdktf-flink/etc/metrics/authorities.pem";
const HTTPS = { timeoutSeconds: 10, certificateAuthorities: AUTHORITY };

const text = (metrics: Partial<MetricsShippingInput> = {}): string =>
  renderTelegrafConfiguration(NODE, { ...METRICS, ...metrics });
const configuration = (metrics?: Partial<MetricsShippingInput>): Configuration =>
  parse(text(metrics)) as unknown as Configuration;
const output = (destination: MetricsDestinationSpec): Readonly<Record<string, unknown>> => {
  const outputs = Object.entries(configuration({ destination }).outputs);
  const [[, [options, ...more]]] = outputs.filter(([plugin]) => plugin !== "file");
  expect(more).toEqual([]);
  return options;
};

test("it asks both processes of Flink on the node itself, the agent's file, and the machine", () => {
  const { inputs } = configuration();
  expect(inputs.prometheus[0].urls).toEqual(["http://127.0.0.1:9249/metrics", "http://127.0.0.1:9250/metrics"]);
  // What a job answers there is never taken for the agent's or Telegraf's own word.
  expect(inputs.prometheus[0].fieldinclude).toEqual(["flink_*"]);
  expect(inputs.file[0].files).toEqual(["/run/cdktf-flink/metrics/agent.prom"]);
  expect(inputs.disk[0].mount_points).toEqual(["/", "/opt/cdktf-flink/data"]);
  expect(Object.keys(inputs).sort()).toEqual(
    ["cpu", "disk", "diskio", "file", "internal", "kernel", "mem", "net", "prometheus", "system"].sort(),
  );
});

test("it looks as often as it is told, and no answer takes longer than a third of that", () => {
  const { agent, inputs } = configuration({ intervalSeconds: 10, bufferedMetrics: 1_000 });
  expect(agent).toMatchObject({ interval: "10s", metric_buffer_limit: 1_000, omit_hostname: true });
  expect(inputs.prometheus[0].timeout).toBe("3s");
  expect(configuration({ intervalSeconds: 300 }).inputs.prometheus[0].timeout).toBe("20s");
});

test("it is told what stands on each value, where ours wins, and which names are shipped", () => {
  const [{ constants }] = configuration({
    tags: { team: "orders", node: "theirs" },
    include: ["flink_*"],
    exclude: ["*_min"],
  }).processors.starlark;
  expect(constants).toMatchObject({
    TAGS: { team: "orders", cluster: "orders", node: "orders-node-1" },
    INCLUDE: ["flink_*"],
    EXCLUDE: ["*_min"],
  });
  expect(configuration().processors.starlark[0].constants).toMatchObject({ INCLUDE: [], EXCLUDE: [] });
});

test("no text is taken for an environment variable, nor for the end of a text", () => {
  const team = '$HOME "${USER}"\\n\n[agent]';
  const [{ constants }] = configuration({ tags: { team } }).processors.starlark;
  expect(constants.TAGS).toMatchObject({ team: '$$HOME "$${USER}"\\n\n[agent]' });
});

test("what stands for a text that Terraform alone knows stays as it is", () => {
  const host = "db-${TfToken[TOKEN.12]}.example.internal";
  const destination: MetricsDestinationSpec = { ...INFLUXDB_DESTINATION, url: `https://${host}:8086` };
  expect(output(destination).url).toMatch(new RegExp(`^https://db-\\$\\{TfToken\\[TOKEN\\.12\\]\\}\\.example`));
});

test("InfluxDB 1 is written by its own path, with the login of the agent's", () => {
  expect(output(INFLUXDB_DESTINATION)).toEqual({
    url: "https://influx.example.internal:8086/write?db=flink+metrics&rp=month&precision=ns",
    timeout: "10s",
    tls_ca: AUTHORITIES,
    data_format: "influx",
    content_encoding: "gzip",
    username: "@{login:username}",
    password: "@{login:password}",
    non_retryable_statuscodes: [400, 413],
    namedrop: ["cdktf_flink_status"],
  });
});

test("InfluxDB 2 is written with a token, by a proxy where there is one, and trusted as the system does", () => {
  const destination: MetricsDestinationSpec = {
    ...{ kind: "influxdb2", url: "https://influx.example.com", organization: "an org", bucket: "b", login: TOKEN },
    ...{ timeoutSeconds: 10, proxy: { host: "proxy.example.internal", port: 3128 } },
  };
  expect(output(destination)).toMatchObject({
    url: "https://influx.example.com/api/v2/write?org=an+org&bucket=b&precision=ns",
    http_proxy_url: "http://proxy.example.internal:3128",
    tls_enable: true,
    headers: { Authorization: "Token @{login:token}" },
    // Beside what all refuse for good, values beyond the bucket's retention: sent again they would hold up all others.
    non_retryable_statuscodes: [400, 413, 422],
  });
  expect(output(destination)).not.toHaveProperty("tls_ca");
});

describe("remote write", () => {
  const to = (login: Extract<MetricsDestinationSpec, { kind: "prometheus-remote-write" }>["login"]) =>
    output({ kind: "prometheus-remote-write", url: "https://prom.example.internal/api/v1/write", login, ...HTTPS });

  test("sends one metric in a request, as of two moments in one the older would be lost", () => {
    expect(to(TOKEN)).toMatchObject({
      url: "https://prom.example.internal/api/v1/write",
      data_format: "prometheusremotewrite",
      use_batch_format: false,
      headers: {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
        Authorization: "Bearer @{login:token}",
      },
    });
  });

  test("logs in by name and password, or signs as AWS asks", () => {
    expect(to({ kind: "basic", secretArn: METRICS_SECRET })).toMatchObject({
      username: "@{login:username}",
      password: "@{login:password}",
    });
    const signed = to({ kind: "iam", region: "eu-west-1", service: "aps" });
    expect(signed).toMatchObject({ region: "eu-west-1", aws_service: "aps" });
    expect(signed).not.toHaveProperty("username");
    const destination: MetricsDestinationSpec = {
      ...{ kind: "prometheus-remote-write", url: "https://aps.example.com/api/v1/remote_write", timeoutSeconds: 10 },
      login: { kind: "iam", region: "eu-west-1", service: "aps" },
    };
    expect(configuration({ destination })).not.toHaveProperty("secretstores");
  });
});

test("PostgreSQL is asked for its name, and no text of the connection can be another parameter", () => {
  const destination: MetricsDestinationSpec = {
    ...{ kind: "postgresql", host: "db.example.internal", port: 5432, database: "it's\\ours sslmode=disable" },
    ...{ schema: "metrics", reader: "grafana", login: { kind: "basic", secretArn: METRICS_SECRET } },
    ...{ retentionDays: 30, timeoutSeconds: 10, certificateAuthorities: AUTHORITY },
  };
  const { connection, schema, create_templates: statements } = output(destination);
  expect(connection).toBe(
    "host='db.example.internal' port=5432 dbname='it\\'s\\\\ours sslmode=disable' user='@{login:username}' " +
      `password='@{login:password}' sslmode=verify-full sslrootcert=${AUTHORITIES} connect_timeout=10 ` +
      "cdktf_flink.retention_days=30",
  );
  expect(schema).toBe("metrics");
  expect((statements as string[]).at(-1)).toBe('GRANT SELECT ON {{ .table }} TO "grafana"');
});

test("no secret is in it, nor where one is", () => {
  expect(text()).not.toContain(METRICS_SECRET);
});
