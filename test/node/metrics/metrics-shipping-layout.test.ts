import type { MetricsDestinationSpec, MetricsShippingInput } from "../../../lib/node/metrics/metrics-shipping";
import { clusterDesiredState } from "../../../lib/node/node-layout";
import { findProblem } from "../../../lib/node/state-problems";
import { inputsOfUnits } from "../../../lib/node/agent/unit-inputs";
import { clusterInput } from "../support/cluster-input";
import { shippingClusterInput } from "../support/log-shipping-input";
import {
  AUTHORITY,
  INFLUXDB_DESTINATION,
  METRICS_SECRET,
  metricsClusterInput,
} from "../support/metrics-shipping-input";

const UNIT = "flink-metrics.service";
const FLINK = ["flink-jobmanager.service", "flink-taskmanager.service"];

const state = clusterDesiredState(metricsClusterInput());
const without = clusterDesiredState(clusterInput());

function setting(unit: string, key: string, of = state): string {
  const lines = of.units.find(({ name }) => name === unit)!.content.split("\n");
  const values = lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  expect(values).toHaveLength(1);
  return values[0];
}

describe("what a node gets for the shipping of its metrics", () => {
  test("is a state that every node accepts", () => {
    for (const node of state.nodes) expect(findProblem(state, "orders", node.name)).toBeUndefined();
  });

  test("its unit, as it was reviewed", () => {
    expect(state.units.find(({ name }) => name === UNIT)!.content).toMatchSnapshot();
  });

  test("is nothing where nobody asks for it", () => {
    expect(without).not.toHaveProperty("metrics");
    expect(JSON.stringify({ ...without, cluster: "" })).not.toMatch(/flink-metrics|telegraf|etc\/metrics|reporter/);
    const logs = JSON.stringify(clusterDesiredState(shippingClusterInput()));
    expect(logs).not.toMatch(/flink-metrics|telegraf|etc\/metrics|reporter/);
  });

  test("comes beside all that the node is for, and changes nothing of it but where Flink answers with its metrics", () => {
    for (const { units } of state.nodes) expect(units.at(-1)).toBe(UNIT);
    expect(state.units.find(({ name }) => name === UNIT)!.auxiliary).toBe(true);
    for (const [unit, port] of [
      [FLINK[0], 9249],
      [FLINK[1], 9250],
    ] as const) {
      const before = setting(unit, "ExecStart", without);
      expect(setting(unit, "ExecStart")).toBe(`${before} -D metrics.reporter.cdktf-flink.port=${port}`);
    }
    for (const name of ["zookeeper.service"]) {
      const content = (of: typeof state) => of.units.find((unit) => unit.name === name)!.content;
      expect(content(state)).toBe(content(without));
    }
  });

  test("it alone may ask the kernel for network interfaces, without which it has no values of them", () => {
    const families = state.units.map(
      ({ name }) => [name, setting(name, "RestrictAddressFamilies").split(" ")] as const,
    );
    expect(families.filter(([, of]) => of.includes("AF_NETLINK")).map(([name]) => name)).toEqual([UNIT]);
    for (const [, of] of families) expect(of.slice(0, 3)).toEqual(["AF_INET", "AF_INET6", "AF_UNIX"]);
  });

  test("neither process of Flink can answer in the place of the other, whose metrics a job would make up", () => {
    expect(setting(FLINK[0], "SocketBindDeny")).toBe("tcp:9250");
    expect(setting(FLINK[1], "SocketBindDeny")).toBe("tcp:9249");
    expect(JSON.stringify(without.units)).not.toContain("SocketBindDeny");
  });

  test("comes after the logs where both are shipped", () => {
    const { logs, software } = shippingClusterInput();
    const both = metricsClusterInput();
    const { nodes } = clusterDesiredState({ ...both, logs, software: { ...both.software, ...software } });
    expect(nodes[0].units.slice(-3)).toEqual(["flink-log-exporter.service", "flink-log-collector.service", UNIT]);
  });

  test("it is one program that ends where it has no room for what it tells, before all others", () => {
    expect(Number(setting(UNIT, "CPUWeight"))).toBeLessThan(Number(setting(FLINK[1], "CPUWeight")));
    expect(Number(setting(UNIT, "OOMScoreAdjust"))).toBeGreaterThan(Number(setting(FLINK[1], "OOMScoreAdjust")));
    expect(setting(UNIT, "MemoryMax")).toBe(String(256 << 20));
    // What waits for a destination lies in memory: more of it needs more.
    const many = clusterDesiredState(metricsClusterInput({ bufferedMetrics: 100_000 }));
    expect(Number(setting(UNIT, "MemoryMax", many))).toBeGreaterThan(100_000 * 7_168);
    expect(setting(UNIT, "User")).toBe("flink-metrics");
    expect(state.users.find(({ name }) => name === "flink-metrics")).toMatchObject({ id: 735, groups: [] });
  });

  test("it sees nothing of Flink, of logs or of connections, and no process of Flink sees it", () => {
    const hidden = (unit: string) => setting(unit, "InaccessiblePaths").split(" ");
    expect(hidden(UNIT)).toEqual(
      expect.arrayContaining([
        ...["-/opt/cdktf-flink/state", "-/opt/cdktf-flink/etc/tls", "-/opt/cdktf-flink/data/flink"],
        ...["-/run/cdktf-flink/connections", "-/run/cdktf-flink/job-credentials-token", "-/run/cdktf-flink/logs"],
      ]),
    );
    for (const unit of FLINK) {
      expect(hidden(unit)).toEqual(
        expect.arrayContaining(["-/run/cdktf-flink/metrics", "-/opt/cdktf-flink/etc/metrics"]),
      );
    }
  });

  test.each<[string, MetricsDestinationSpec, object]>([
    ["a name and a password", INFLUXDB_DESTINATION, { secretArn: METRICS_SECRET, loginForm: "basic" }],
    [
      "a token",
      {
        ...{ kind: "influxdb2", url: "https://influx.example.internal:8086", organization: "o", bucket: "b" },
        ...{ login: { kind: "token", secretArn: METRICS_SECRET }, timeoutSeconds: 10 },
      },
      { secretArn: METRICS_SECRET, loginForm: "token" },
    ],
    [
      "PostgreSQL's login",
      {
        ...{ kind: "postgresql", host: "db.example.internal", port: 5432, database: "metrics", schema: "metrics" },
        ...{ login: { kind: "basic", secretArn: METRICS_SECRET }, retentionDays: 30, timeoutSeconds: 10 },
      },
      { secretArn: METRICS_SECRET, loginForm: "postgresql" },
    ],
    [
      "the role alone",
      {
        ...{ kind: "prometheus-remote-write", url: "https://aps.example.com/api/v1/remote_write", timeoutSeconds: 10 },
        login: { kind: "iam", region: "eu-west-1", service: "aps" },
      },
      {},
    ],
  ])("the agent is told of the role, and to read %s", (_, destination, login) => {
    const told = clusterDesiredState(metricsClusterInput({ destination }));
    expect(told.metrics).toEqual({
      credentials: { roleArn: "arn:aws:iam::123456789012:role/orders-metrics-1", port: 956 },
      intervalSeconds: 30,
      ...login,
    });
    expect(findProblem(told, "orders", "orders-node-1")).toBeUndefined();
  });

  test("an agent takes no login that it would not know how to lay down", () => {
    const other = { ...state, metrics: { ...state.metrics!, loginForm: "other" } };
    expect(findProblem(other, "orders", "orders-node-1")).toBe(
      "the login for metrics in the desired state is of the unknown form other",
    );
    expect(findProblem({ ...state, metrics: { ...state.metrics!, secretArn: "x" } }, "orders", "orders-node-1")).toBe(
      "the login for metrics in the desired state names no secret by its ARN: x",
    );
  });

  test("what it reads is root's, and its own to read", () => {
    const files = [...state.files, ...state.nodes[0].files].filter(({ path }) => path.includes("/etc/metrics/"));
    expect(files.map(({ path, owner, group, mode }) => [path.split("/").at(-1), owner, group, mode])).toEqual([
      ["names.star", "root", "flink-metrics", "0640"],
      ["authorities.pem", "root", "flink-metrics", "0640"],
      ["telegraf.conf", "root", "flink-metrics", "0640"],
    ]);
    expect(files[1].content).toBe(AUTHORITY);
    const destination = { ...INFLUXDB_DESTINATION, certificateAuthorities: undefined };
    const { files: others } = clusterDesiredState(metricsClusterInput({ destination }));
    expect(others.some(({ path }) => path.endsWith("/authorities.pem"))).toBe(false);
  });

  test("a change of the shipping starts none of Flink's processes anew", () => {
    const changed = (metrics: Partial<MetricsShippingInput>): string[] => {
      const other = clusterDesiredState(metricsClusterInput(metrics));
      const [before, after] = [inputsOfUnits(state, state.nodes[0]), inputsOfUnits(other, other.nodes[0])];
      return [...after].filter(([unit, hash]) => before.get(unit) !== hash).map(([unit]) => unit);
    };
    expect(changed({ destination: { ...INFLUXDB_DESTINATION, database: "other" } })).toEqual([UNIT]);
    expect(changed({ destination: { ...INFLUXDB_DESTINATION, certificateAuthorities: `${AUTHORITY}\n` } })).toEqual([
      UNIT,
    ]);
    expect(changed({ tags: { team: "orders" } })).toEqual([UNIT]);
    expect(changed({ roleArn: "arn:aws:iam::123456789012:role/orders-metrics-2" })).toEqual([]);
  });

  test("software that ships nothing is no software of a cluster with metrics", () => {
    const { software } = clusterInput();
    expect(() => clusterDesiredState({ ...metricsClusterInput(), software })).toThrow(
      /orders holds nothing that ships metrics/,
    );
  });
});
