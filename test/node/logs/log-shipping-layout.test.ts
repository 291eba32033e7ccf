import { inputsOfUnits } from "../../../lib/node/agent/unit-inputs";
import type { LogExporterConfiguration } from "../../../lib/node/logs/log-exporter-configuration";
import type { LogShippingInput } from "../../../lib/node/logs/log-shipping";
import { clusterDesiredState } from "../../../lib/node/node-layout";
import { findProblem } from "../../../lib/node/state-problems";
import { clusterInput } from "../support/cluster-input";
import { LOGS_SECRET, OPENSEARCH_DESTINATION, shippingClusterInput } from "../support/log-shipping-input";

const [EXPORTER, COLLECTOR] = ["flink-log-exporter.service", "flink-log-collector.service"];
const FLINK = ["flink-jobmanager.service", "flink-taskmanager.service"];
const LOGS = "/opt/cdktf-flink/data/logs";

const state = clusterDesiredState(shippingClusterInput());
const without = clusterDesiredState(clusterInput());

function setting(unit: string, key: string, of = state): string {
  const lines = of.units.find(({ name }) => name === unit)!.content.split("\n");
  const values = lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  expect(values).toHaveLength(1);
  return values[0];
}

function hidden(unit: string): string[] {
  return setting(unit, "InaccessiblePaths")
    .split(" ")
    .map((path) => path.replace(/^-/, ""));
}

function configuration(logs: Partial<LogShippingInput> = {}, node = 0): LogExporterConfiguration {
  const { nodes } = clusterDesiredState(shippingClusterInput(logs));
  const file = nodes[node].files.find(({ path }) => path.endsWith("/exporter.json"))!;
  return JSON.parse(file.content) as LogExporterConfiguration;
}

describe("what a node gets for the shipping of its logs", () => {
  test("is a state that every node accepts", () => {
    for (const node of state.nodes) expect(findProblem(state, "orders", node.name)).toBeUndefined();
  });

  test("its units, as they were reviewed", () => {
    const units = state.units.filter(({ auxiliary }) => auxiliary);
    expect(Object.fromEntries(units.map(({ name, content }) => [name, content]))).toMatchSnapshot();
  });

  test("is nothing where nobody asks for it", () => {
    expect(without.logs).toBeUndefined();
    expect(JSON.stringify({ ...without, cluster: "" })).not.toMatch(/flink-log|otelcol|data\/logs|FLINK_LOG_LINES/);
    expect(without.units.filter((unit) => "auxiliary" in unit)).toEqual([]);
  });

  test("comes after all that the node is for, and is not part of it", () => {
    for (const { units } of state.nodes) expect(units.slice(-2)).toEqual([EXPORTER, COLLECTOR]);
    expect(state.units.filter(({ auxiliary }) => auxiliary).map(({ name }) => name)).toEqual([EXPORTER, COLLECTOR]);
    for (const unit of [EXPORTER, COLLECTOR]) {
      expect(Number(setting(unit, "CPUWeight"))).toBeLessThan(Number(setting(FLINK[1], "CPUWeight")));
      expect(Number(setting(unit, "OOMScoreAdjust"))).toBeGreaterThan(Number(setting(FLINK[1], "OOMScoreAdjust")));
      expect(Number(setting(unit, "MemoryMax"))).toBeGreaterThan(0);
    }
  });

  test("the agent is told of the role and of the login, by its secret's ARN", () => {
    expect(state.logs).toEqual({
      credentials: { roleArn: "arn:aws:iam::123456789012:role/orders-logs-1", port: 957 },
      secretArn: LOGS_SECRET,
    });
    const login = { kind: "iam", region: "eu-west-1" } as const;
    const iam = shippingClusterInput({ destination: { ...OPENSEARCH_DESTINATION, login } });
    expect(clusterDesiredState(iam).logs).not.toHaveProperty("secretArn");
  });

  test("the exporter has the credentials of its own role, and jobs have theirs as before", () => {
    const content = (unit: string) => state.units.find(({ name }) => name === unit)!.content;
    expect(content(EXPORTER)).toContain("http://127.0.0.1:957/log-credentials");
    expect(content(EXPORTER)).not.toContain("job-credentials\n");
    for (const unit of FLINK) expect(content(unit)).toContain("http://127.0.0.1:959/job-credentials");
    expect(content(COLLECTOR)).not.toContain("AWS_");
  });

  test("each process of Flink writes lines into a folder of its own, which the shipping may read", () => {
    for (const process of ["jobmanager", "taskmanager"]) {
      const unit = `flink-${process}.service`;
      const folder = `${LOGS}/${process}`;
      expect(state.directories.find(({ path }) => path === folder)).toEqual({
        path: folder,
        owner: setting(unit, "User"),
        group: "flink-logs",
        mode: "2750",
      });
      expect(setting(unit, "ReadWritePaths").split(" ")).toContain(folder);
      expect(state.units.find(({ name }) => name === unit)!.content).toContain(
        `Environment=FLINK_LOG_LINES=${folder}\n`,
      );
      // What one of them writes the other does not see, and neither sees what ships it.
      const others = ["jobmanager", "taskmanager", "collector", "exporter"].filter((name) => name !== process);
      expect(hidden(unit)).toEqual(expect.arrayContaining(others.map((name) => `${LOGS}/${name}`)));
      expect(hidden(unit)).toEqual(expect.arrayContaining(["/run/cdktf-flink/logs", "/opt/cdktf-flink/etc/logs"]));
      expect(hidden(unit)).not.toContain(folder);
    }
  });

  test("no job writes into the journal but by what its process prints: one entry may be of any size", () => {
    for (const unit of FLINK) {
      expect(hidden(unit)).toContain("/run/systemd/journal");
      expect(state.units.find(({ name }) => name === unit)!.content).not.toMatch(/^Standard(Output|Error)=/m);
    }
  });

  test("no process may replace a folder that the agent makes", () => {
    const ownerOf = new Map(state.directories.map(({ path, owner }) => [path, owner]));
    for (const { path } of state.directories) {
      const above = path.slice(0, path.lastIndexOf("/"));
      expect([path, ownerOf.get(above) ?? "root"]).toEqual([path, "root"]);
    }
  });

  test("the collector, which follows links that a job may lay, sees no secret", () => {
    expect(hidden(COLLECTOR)).toEqual(
      expect.arrayContaining([
        ...["/run/cdktf-flink/logs/secrets", "/run/cdktf-flink/connections", "/run/cdktf-flink/job-credentials-token"],
        ...["/opt/cdktf-flink/state", "/opt/cdktf-flink/etc/tls", "/opt/cdktf-flink/data/flink"],
        ...["/opt/cdktf-flink/etc/flink", "/opt/cdktf-flink/etc/connections", "/opt/cdktf-flink/data/zookeeper"],
      ]),
    );
  });

  test("only the exporter may take a port that no job can, and the collector is killed", () => {
    for (const { name } of state.units) {
      const capability = name === EXPORTER ? "CAP_NET_BIND_SERVICE" : "";
      expect([name, setting(name, "CapabilityBoundingSet")]).toEqual([name, capability]);
      expect([name, setting(name, "AmbientCapabilities")]).toEqual([name, capability]);
      const kills = /^KillSignal=SIGKILL$/m.test(state.units.find((unit) => unit.name === name)!.content);
      expect([name, kills]).toEqual([name, name === COLLECTOR]);
    }
  });

  test("what both read is root's, and theirs to read", () => {
    const files = [...state.files, ...state.nodes[0].files].filter(({ path }) => path.includes("/etc/logs/"));
    expect(files.map(({ path, owner, group, mode }) => [path.split("/").at(-1), owner, group, mode])).toEqual([
      ["collector.yaml", "root", "flink-logs", "0640"],
      ["read-journal.sh", "root", "flink-logs", "0750"],
      ["exporter.json", "root", "flink-logs", "0640"],
    ]);
    expect(state.users.find(({ name }) => name === "flink-logs")).toMatchObject({
      id: 734,
      groups: ["systemd-journal"],
    });
  });

  test("the exporter is told who it is, where to write, and where everything lies", () => {
    const told = configuration({ fields: ["level", "logger"] }, 1);
    expect(told).toMatchObject({
      schemaVersion: 1,
      cluster: "orders",
      node: "orders-node-2",
      host: "node-2.orders.flink.internal",
      listen: { host: "127.0.0.1", port: 958 },
      destination: OPENSEARCH_DESTINATION,
      loginFile: "/run/cdktf-flink/logs/secrets/login.json",
      fields: ["level", "logger"],
      roles: { "flink-agent.service": "agent", "zookeeper.service": "zookeeper" },
    });
    expect(told.processes.map(({ role, unit, folder }) => [role, unit, folder])).toEqual([
      ["jobmanager", FLINK[0], `${LOGS}/jobmanager`],
      ["taskmanager", FLINK[1], `${LOGS}/taskmanager`],
    ]);
    // What it writes lies where it may write.
    const writable = setting(EXPORTER, "ReadWritePaths").split(" ");
    for (const file of [told.statusFile, told.stateFile, told.journalCursorFile]) {
      expect(writable).toContain(file.slice(0, file.lastIndexOf("/")));
    }
  });

  test.each<[string, LogShippingInput["destination"]]>([
    ["IAM", { ...OPENSEARCH_DESTINATION, login: { kind: "iam", region: "eu-west-1" } }],
    [
      "CloudWatch Logs",
      {
        kind: "cloudwatch",
        logGroupName: "orders",
        region: "eu-west-1",
        endpoint: "https://logs.eu-west-1.amazonaws.com",
      },
    ],
  ])("with %s there is no login to read", (_, destination) => {
    expect(configuration({ destination })).not.toHaveProperty("loginFile");
    expect(configuration({ destination }).destination).toEqual(destination);
  });

  test("a change of the shipping starts none of Flink's processes anew", () => {
    const changed = (logs: Partial<LogShippingInput>): string[] => {
      const other = clusterDesiredState(shippingClusterInput(logs));
      const [before, after] = [inputsOfUnits(state, state.nodes[0]), inputsOfUnits(other, other.nodes[0])];
      return [...after].filter(([unit, hash]) => before.get(unit) !== hash).map(([unit]) => unit);
    };
    expect(changed({ destination: { ...OPENSEARCH_DESTINATION, indexPrefix: "other" } })).toEqual([EXPORTER]);
    expect(changed({ fields: ["level"] })).toEqual([EXPORTER]);
    expect(changed({ roleArn: "arn:aws:iam::123456789012:role/orders-logs-2" })).toEqual([]);
  });

  test("ZooKeeper writes one line for each event", () => {
    const logback = (of: typeof state) => of.files.find(({ path }) => path.endsWith("/logback.xml"))!.content;
    const pattern = /<pattern>(.*)<\/pattern>/.exec(logback(state))![1];
    expect(pattern).toBe(
      String.raw`%-5level [%thread] %logger - %replace(%replace(%replace(%replace(%msg){'\\', '\\\\'}){'\n', '\\n'}){'\r', '\\r'}){'\t', '\\t'}\t%replace(%replace(%replace(%replace(%ex){'\\', '\\\\'}){'\n', '\\n'}){'\r', '\\r'}){'\t', '\\t'}%nopex%n`,
    );
    expect(logback(without)).toContain("<pattern>%d{ISO8601,UTC} %-5level %logger{36} [%thread] - %msg%n</pattern>");
  });

  test("software that ships nothing is no software of a cluster with logs", () => {
    const { software } = clusterInput();
    expect(() => clusterDesiredState({ ...shippingClusterInput(), software })).toThrow(
      /orders holds nothing that ships/,
    );
  });
});
