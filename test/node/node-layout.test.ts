import * as fs from "fs";
import * as path from "path";
import { tablesOfConnections } from "../../lib/node/connections";
import { clusterDesiredState } from "../../lib/node/node-layout";
import { isHostSetting } from "../../lib/node/host-settings";
import { DATA, PREFIX } from "../../lib/node/paths";
import { findProblem } from "../../lib/node/state-problems";
import { clusterInput } from "./support/cluster-input";

const state = clusterDesiredState(clusterInput());

function unit(name: string): string[] {
  return state.units.find((candidate) => candidate.name === name)!.content.split("\n");
}

function settings(name: string, key: string): string[] {
  return unit(name)
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));
}

function setting(name: string, key: string): string {
  const values = settings(name, key);
  expect(values).toHaveLength(1);
  return values[0];
}

const ALL_UNITS = state.units.map(({ name }) => name);

describe("what the nodes of a cluster shall run", () => {
  test("is a state that every one of its nodes accepts", () => {
    for (const node of state.nodes) expect(findProblem(state, "orders", node.name)).toBeUndefined();
  });

  test("is the same for the same input", () => {
    expect(JSON.stringify(clusterDesiredState(clusterInput()))).toBe(JSON.stringify(state));
  });

  test("its units, as they were reviewed", () => {
    expect(Object.fromEntries(state.units.map(({ name, content }) => [name, content]))).toMatchSnapshot();
  });

  test("ZooKeeper runs where it has a number, and before Flink", () => {
    expect(state.nodes.map(({ units }) => units)).toEqual([
      ["zookeeper.service", "flink-jobmanager.service", "flink-taskmanager.service"],
      ["flink-jobmanager.service", "flink-taskmanager.service"],
      ["flink-jobmanager.service", "flink-taskmanager.service"],
    ]);
    const myIds = state.nodes.map(({ files }) => files.find((file) => file.path.endsWith("/myid"))?.content);
    expect(myIds).toEqual(["1\n", undefined, undefined]);
  });

  test("nodes differ in their own files only", () => {
    const configurations = state.nodes.map(({ files }) => files.find((file) => file.path.endsWith("config.yaml")));
    expect(configurations.map((file) => file?.content)).toEqual(
      [1, 2, 3].map((number) => `rest.address: node-${number}.orders.flink.internal\n`),
    );
  });

  test("a file of the user's replaces the default", () => {
    const changed = clusterDesiredState(clusterInput({ zooKeeperFiles: { "logback.xml": "<mine/>" } }));
    const logback = changed.files.filter((file) => file.path.endsWith("logback.xml"));
    expect(logback.map(({ content }) => content)).toEqual(["<mine/>"]);
  });

  test.each(ALL_UNITS)("%s is unprivileged, shut in and started anew for ever", (name) => {
    expect(setting(name, "User")).toMatch(/^flink-/);
    expect(state.users.map((user) => user.name)).toContain(setting(name, "User"));
    for (const [key, value] of Object.entries({
      NoNewPrivileges: "yes",
      CapabilityBoundingSet: "",
      ProtectSystem: "strict",
      ProtectHome: "yes",
      PrivateDevices: "yes",
      RestrictSUIDSGID: "yes",
      RestrictAddressFamilies: "AF_INET AF_INET6 AF_UNIX",
      MemoryDenyWriteExecute: "no",
      Restart: "always",
      StartLimitIntervalSec: "0",
      SuccessExitStatus: "143",
      RequiresMountsFor: DATA,
      Type: "exec",
    })) {
      expect([key, setting(name, key)]).toEqual([key, value]);
    }
    expect(unit(name)).not.toContain("[Install]");
    expect(settings(name, "SystemCallFilter")).toEqual([
      "@system-service",
      "~io_uring_setup io_uring_enter io_uring_register",
    ]);
  });

  test("what a job writes to /tmp lies in a folder of its process on the data volume, nowhere else", () => {
    for (const name of ["flink-jobmanager.service", "flink-taskmanager.service"]) {
      expect(setting(name, "BindPaths")).toBe(`${setting(name, "ReadWritePaths")}/system-tmp:/tmp`);
      for (const key of ["PrivateTmp", "RuntimeDirectory"]) expect(settings(name, key)).toEqual([]);
    }
    expect(setting("zookeeper.service", "PrivateTmp")).toBe("yes");
  });

  test("no process may write what another one owns", () => {
    const writable = ALL_UNITS.map((name) => setting(name, "ReadWritePaths"));
    expect(new Set(writable).size).toBe(writable.length);
    for (const folder of writable) {
      expect(writable.filter((other) => other.startsWith(`${folder}/`))).toEqual([]);
      const own = state.directories.filter(({ path }) => `${path}/`.startsWith(`${folder}/`));
      const [user] = ALL_UNITS.filter((name) => setting(name, "ReadWritePaths") === folder).map((name) =>
        setting(name, "User"),
      );
      expect(own.filter(({ owner }) => owner === user)).not.toEqual([]);
      for (const { owner, group, mode } of own) {
        expect([user, "root"]).toContain(owner);
        expect([group, mode]).toEqual([user, owner === "root" ? "0750" : "0700"]);
      }
    }
  });

  // A process that may would put a link there, which the agent would follow, or fail at for ever.
  test("no process may replace a folder that the agent makes", () => {
    const ownerOf = new Map(state.directories.map(({ path, owner }) => [path, owner]));
    expect(ownerOf.size).toBeGreaterThan(10);
    for (const { path } of state.directories) {
      const above = path.slice(0, path.lastIndexOf("/"));
      expect([path, ownerOf.get(above) ?? "root"]).toEqual([path, "root"]);
    }
  });

  test("what the processes read belongs to root and is not for everybody", () => {
    const read = [...state.files, ...state.nodes[0].files].filter(
      ({ path }) => !path.startsWith(DATA) && !isHostSetting(path),
    );
    for (const file of read) {
      expect([file.path, file.owner, file.mode]).toEqual([file.path, "root", "0640"]);
    }
  });

  test("no process sees what is the agent's, or another process's", () => {
    const own = ALL_UNITS.map((name) => setting(name, "ReadWritePaths"));
    for (const name of ALL_UNITS) {
      const hidden = setting(name, "InaccessiblePaths")
        .split(" ")
        .map((path) => path.replace(/^-/, ""));
      expect(hidden).toEqual(expect.arrayContaining([`${PREFIX}/state`, `${PREFIX}/identity.json`, "/run/dbus"]));
      const others = own.filter((folder) => folder !== setting(name, "ReadWritePaths"));
      expect(others).toHaveLength(2);
      for (const other of others) {
        expect(hidden.some((path) => other === path || other.startsWith(`${path}/`))).toBe(true);
      }
      expect(hidden.some((path) => `${setting(name, "ReadWritePaths")}/`.startsWith(`${path}/`))).toBe(false);
      expect(setting(name, "IPAddressDeny")).toBe("169.254.169.254 fd00:ec2::254");
    }
  });

  test("Flink's processes get credentials from the agent, and ZooKeeper none", () => {
    const flink = ["flink-jobmanager.service", "flink-taskmanager.service"];
    for (const name of flink) {
      expect(unit(name)).toEqual(
        expect.arrayContaining([
          "Environment=AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:959/job-credentials",
          "Environment=AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/run/cdktf-flink/job-credentials-token",
          "Environment=AWS_EC2_METADATA_DISABLED=true",
        ]),
      );
    }
    expect(unit("zookeeper.service").filter((line) => line.includes("AWS_"))).toEqual([]);
    expect(setting("zookeeper.service", "InaccessiblePaths")).toContain("-/run/cdktf-flink");
  });

  test.each([
    ["1.20.5", ["EnvironmentFile=/run/cdktf-flink/job-credentials-token.env"]],
    ["2.2.1", []],
    ["2.3.0", []],
  ])(
    "Flink %s: the token itself is in the environment only where the S3 plugins know no other way",
    (version, lines) => {
      const { software } = clusterInput();
      const { units } = clusterDesiredState(
        clusterInput({ software: { ...software, flink: { ...software.flink, version } } }),
      );
      for (const { name, content } of units.filter((each) => each.name.startsWith("flink-"))) {
        const found = content.split("\n").filter((line) => line.startsWith("EnvironmentFile="));
        expect([name, found]).toEqual([name, lines]);
      }
    },
  );

  test("ZooKeeper comes before the JobManager, and that before the TaskManager", () => {
    const order = ["zookeeper.service", "flink-jobmanager.service", "flink-taskmanager.service"];
    const values = (key: string) => order.map((name) => Number(setting(name, key)));
    expect(values("CPUWeight")).toEqual([...values("CPUWeight")].sort((a, b) => b - a));
    expect(values("Nice")).toEqual([...values("Nice")].sort((a, b) => a - b));
    expect(values("OOMScoreAdjust")).toEqual([...values("OOMScoreAdjust")].sort((a, b) => a - b));
    for (const key of ["CPUWeight", "Nice", "OOMScoreAdjust"]) expect(new Set(values(key)).size).toBe(3);
  });

  test("settings of one process are on its own command line", () => {
    expect(setting("flink-jobmanager.service", "ExecStart")).toContain(
      "start-foreground -D io.tmp.dirs=/opt/cdktf-flink/data/flink/jobmanager/tmp",
    );
    expect(setting("flink-taskmanager.service", "ExecStart")).toContain("-D metrics.internal.query-service.port=6131");
    expect(setting("flink-taskmanager.service", "ExecStart")).not.toContain("io.tmp.dirs");
  });

  test("plugins and connectors are linked beside what comes with Flink", () => {
    const software = `${PREFIX}/software`;
    expect(state.linkFolders).toEqual([
      {
        path: `${PREFIX}/etc/flink-lib`,
        entriesOf: [
          `${software}/flink-1.0.0-dddddddddddd/lib`,
          `${software}/flink-connector-kafka-1.0.0-000000000000/lib`,
        ],
        links: [],
      },
      {
        path: `${PREFIX}/etc/flink-plugins`,
        entriesOf: [`${software}/flink-1.0.0-dddddddddddd/plugins`],
        links: [{ name: "flink-s3-fs-presto", target: `${software}/flink-s3-fs-presto-1.0.0-ffffffffffff` }],
      },
    ]);
    for (const name of ["flink-jobmanager.service", "flink-taskmanager.service"]) {
      expect(unit(name)).toContain(`Environment=FLINK_LIB_DIR=${PREFIX}/etc/flink-lib`);
      expect(unit(name)).toContain(`Environment=FLINK_PLUGINS_DIR=${PREFIX}/etc/flink-plugins`);
    }
  });

  test("jobs find a description of each connection, where a variable says", () => {
    const folder = `${PREFIX}/etc/connections`;
    const files = state.files.filter(({ path }) => path.startsWith(`${folder}/`));
    const owned = { owner: "root", group: "flink" };
    const { connections } = clusterInput();
    expect(files).toEqual([
      { path: `${folder}/bookings.json`, ...owned, mode: "0640", content: expect.stringMatching(/\n$/) as string },
      { path: `${folder}/tables.sql`, ...owned, mode: "0640", content: tablesOfConnections(connections) },
    ]);
    expect(JSON.parse(files[0].content)).toEqual(connections[0].description);
    expect(state.directories).toContainEqual({ path: folder, ...owned, mode: "0750" });
    for (const name of ["flink-jobmanager.service", "flink-taskmanager.service"]) {
      expect(unit(name)).toContain(`Environment=FLINK_CONNECTIONS_DIR=${folder}`);
      expect(setting(name, "InaccessiblePaths")).not.toContain("connections");
    }
    expect(unit("zookeeper.service").filter((line) => line.includes("FLINK_"))).toEqual([]);
    expect(setting("zookeeper.service", "InaccessiblePaths")).toContain(`-${folder}`);
  });

  test("jobs find the authorities of a connection beside its description, where it has any of its own", () => {
    const certificateAuthorities = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const [first] = clusterInput().connections;
    const search = { name: "search", description: {}, tables: [], certificateAuthorities };
    const changed = clusterDesiredState(clusterInput({ connections: [first, search] }));
    expect(changed.files.filter(({ path }) => path.endsWith(".pem"))).toEqual([
      {
        ...{ path: `${PREFIX}/etc/connections/search.pem`, owner: "root", group: "flink", mode: "0640" },
        content: certificateAuthorities,
      },
    ]);
    expect(findProblem(changed, "orders", "orders-node-1")).toBeUndefined();
  });

  test("clients of PostgreSQL find their services where a variable says, and ZooKeeper finds none", () => {
    for (const name of ["flink-jobmanager.service", "flink-taskmanager.service"]) {
      expect(unit(name)).toContain("Environment=PGSERVICEFILE=/run/cdktf-flink/connections/pg_service.conf");
    }
    expect(unit("zookeeper.service").filter((line) => line.includes("PGSERVICE"))).toEqual([]);
    expect(setting("zookeeper.service", "InaccessiblePaths").split(" ")).toContain("-/run/cdktf-flink");
  });

  test("the agent is told of which connections it reads a secret, and no file holds more of it than its name", () => {
    const [first] = clusterInput().connections;
    const { kind, secretArn } = first.credential!;
    expect(state.connectionCredentials).toEqual([{ name: "bookings", kind, secretArn }]);
    const open = { name: "open", description: {}, tables: [] };
    const changed = clusterDesiredState(clusterInput({ connections: [open, first] }));
    expect(changed.connectionCredentials?.map(({ name }) => name)).toEqual(["bookings"]);
    expect(changed.files.filter(({ content }) => content.includes(secretArn))).toEqual([]);
  });
});

describe("the rooms node and settings", () => {
  const files = ["node", "settings"].flatMap((room) => {
    const folder = path.resolve(__dirname, "../../lib", room);
    const found = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    return found.filter((name) => name.endsWith(".ts")).map((name) => path.join(folder, name));
  });

  test("know nothing of Terraform", () => {
    expect(files.length).toBeGreaterThan(20);
    const guilty = files.filter((file) => /from "(cdktf|constructs|@cdktf\/)/.test(fs.readFileSync(file, "utf8")));
    expect(guilty).toEqual([]);
  });
});
