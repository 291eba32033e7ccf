import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { clientMachines } from "../../lib/operate/tunnel/client-machines";
import { openWay } from "../../lib/operate/tunnel/open-way";
import { SessionManagerWays } from "../../lib/operate/tunnel/session-manager-ways";
import type { RestNode } from "../../lib/operate/operated-cluster";
import { RestCaller } from "../../lib/operate/rest-caller";
import type { Way } from "../../lib/operate/tunnel/way";
import { InstalledPlugin } from "../support/session-manager/install-plugin";
import { AwsUnderTest } from "./aws-under-test";
import { ClusterUnderTest } from "./cluster-under-test";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

const MACHINES = ["i-00000000000000001", "i-00000000000000002"];

const aws = new AwsUnderTest();
let cluster: ClusterUnderTest;
let nodes: RestNode[];
let folder: string;
let plugin: InstalledPlugin;
let ways: Way[];
const { PATH } = process.env;

beforeAll(async () => {
  cluster = await ClusterUnderTest.create();
  nodes = [
    await cluster.start("node-1", (_, response) => response.end('{"name":"node-1"}')),
    await cluster.start("node-2", (_, response) => response.end('{"name":"node-2"}')),
  ];
  await aws.start();
});
beforeEach(() => {
  ways = [];
  aws.sessions.length = 0;
  aws.refusals.clear();
  folder = mkdtempSync(path.join(tmpdir(), "session-manager-"));
  plugin = InstalledPlugin.install(path.join(folder, "bin"));
  process.env.PATH = `${plugin.folder}${path.delimiter}${PATH}`;
  lead("node-1", "node-2");
});
afterEach(async () => {
  await Promise.all(ways.map((way) => way.close()));
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await cluster.stopAll();
  await aws.stop();
});

function client() {
  const { endpoint } = aws;
  return { endpoint, region: "eu-west-1", credentials: { accessKeyId: "x", secretAccessKey: "x" }, maxAttempts: 1 };
}

function lead(...names: string[]): void {
  plugin.leadTo(
    Object.fromEntries(
      names.map((name) => [`${name}.flink.internal:8081`, { host: "127.0.0.1", port: cluster.portOf(name) }]),
    ),
  );
}

function sessionManager(machines: readonly string[] = MACHINES): SessionManagerWays {
  return new SessionManagerWays(new SSMClient(client()), () => Promise.resolve(machines));
}

async function open(patienceMillis?: number, machines?: readonly string[]): Promise<Way> {
  const way = await openWay(sessionManager(machines), nodes, cluster.tls, patienceMillis);
  ways.push(way);
  return way;
}

test("a tunnel leads to the node's own name, and carries bytes when it is given", async () => {
  const way = await open();
  expect(aws.sessions).toEqual([
    {
      Target: MACHINES[0],
      DocumentName: "AWS-StartPortForwardingSessionToRemoteHost",
      Parameters: {
        host: ["node-1.flink.internal"],
        portNumber: ["8081"],
        localPortNumber: [String(way.port)],
      },
    },
  ]);
  expect(await new RestCaller(way, cluster.tls).json("/")).toEqual({ name: "node-1" });
});

test("the plugin is called as the AWS command line calls it, and its arguments hold nothing that opens the session", async () => {
  process.env.AWS_PROFILE = "operator";
  try {
    await open();
  } finally {
    delete process.env.AWS_PROFILE;
  }
  const [{ args }] = plugin.events();
  const [{ Target, DocumentName, Parameters }] = aws.sessions;
  expect(args!.slice(0, 4)).toEqual(["AWS_SSM_START_SESSION_RESPONSE", "eu-west-1", "StartSession", "operator"]);
  expect(JSON.parse(args![4])).toEqual({ Target, DocumentName, Parameters });
  expect(args!.slice(5)).toEqual([aws.endpoint]);
  expect(JSON.stringify(args)).not.toContain("token of");
});

test("the session ends with the tunnel", async () => {
  const way = await open();
  await way.close();
  expect(plugin.events().map(({ event }) => event)).toEqual(["start", "end"]);
  await way.close();
});

test("where a node is not the one that it should be it leads to another one", async () => {
  const to = (name: string) => ({ host: "127.0.0.1", port: cluster.portOf(name) });
  plugin.leadTo({ "node-1.flink.internal:8081": to("node-2"), "node-2.flink.internal:8081": to("node-2") });
  const way = await open();
  expect(way.node.name).toBe("node-2");
  expect(plugin.events().map(({ event }) => event)).toEqual(["start", "end", "start"]);
});

test("where a machine has no connection it goes by another one", async () => {
  aws.refusals.set(MACHINES[0], "TargetNotConnected");
  await open();
  expect(aws.sessions.map(({ Target }) => Target)).toEqual([MACHINES[1]]);
});

test.each<[string, () => unknown, string]>([
  [
    "no machine has a connection",
    () => MACHINES.forEach((machine) => aws.refusals.set(machine, "TargetNotConnected")),
    `Session Manager has no connection to the machine ${MACHINES[1]}: wait until its agent has registered`,
  ],
  [
    "the operator may not begin a session",
    () => aws.refusals.set(MACHINES[0], "AccessDeniedException"),
    `beginning a session of AWS-StartPortForwardingSessionToRemoteHost with ${MACHINES[0]} is not allowed`,
  ],
  [
    "the plugin is missing",
    () => (process.env.PATH = path.join(folder, "nothing")),
    "the program session-manager-plugin, which carries tunnels of AWS Session Manager, is not on the PATH: install it as https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html says",
  ],
  [
    "the plugin would take a session from its arguments",
    () => InstalledPlugin.install(plugin.folder, "1.2.497.0"),
    'session-manager-plugin is of version "1.2.497.0", and 1.2.536.0 or newer is needed: update it',
  ],
])("is told in one sentence that %s", async (_, arrange, sentence) => {
  arrange();
  await expect(open()).rejects.toThrow(sentence);
  expect(plugin.events()).toEqual([]);
});

test("is told in one sentence that no node answers, and why", async () => {
  lead();
  await expect(open(700)).rejects.toThrow(/^no node of the cluster can be called \(node-1: .+; node-2: .+\): see/);
});

describe("the machine that leads to a cluster", () => {
  test("is found by its tag, where it runs", async () => {
    aws.machines = [MACHINES[1], MACHINES[0]];
    expect(await clientMachines(new EC2Client(client()), "orders")).toEqual(MACHINES);
    const query = aws.ec2Query;
    expect([query.get("Action"), query.get("Filter.1.Name"), query.get("Filter.1.Value.1")]).toEqual([
      ...["DescribeInstances", "tag:cdktf-flink:client-of", "orders"],
    ]);
    expect([query.get("Filter.2.Name"), query.get("Filter.2.Value.1")]).toEqual(["instance-state-name", "running"]);
  });

  test("is told to be missing in one sentence", async () => {
    aws.machines = [];
    await expect(clientMachines(new EC2Client(client()), "orders")).rejects.toThrow(
      "no machine that runs has the tag cdktf-flink:client-of = orders, through which Session Manager could lead to the nodes",
    );
  });
});
