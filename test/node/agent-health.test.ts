import * as fs from "fs";
import * as https from "https";
import * as net from "net";
import type { AddressInfo } from "net";
import * as path from "path";
import * as tls from "tls";
import { checkHealth, Credentials, judgeTaskManagers, judgeZooKeeper } from "../../lib/node/agent/health";
import { parseShow } from "../../lib/node/agent/systemd";
import { makeNodeTls, NodeTls } from "./support/node-tls";
import { temporaryFolder } from "./support/software";

function listen<T extends net.Server>(server: T): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}

describe("health", () => {
  const servers: net.Server[] = [];
  let folder: string;
  let own: NodeTls;
  let credentials: Credentials;

  beforeAll(async () => {
    folder = temporaryFolder();
    own = await makeNodeTls(path.join(folder, "own"));
    credentials = { authority: own.authority, zooKeeper: own.pair, rest: own.pair };
  });

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  /** As Flink and ZooKeeper are configured: who has no certificate of the cluster is sent away. */
  const serverOptions = ({ authority, pair }: NodeTls): tls.TlsOptions => {
    const [ca, both] = [fs.readFileSync(authority), fs.readFileSync(pair)];
    return { ca, key: both, cert: both, requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" };
  };

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  async function serve(answers: Record<string, [number, string]>): Promise<number> {
    const server = https.createServer(serverOptions(own), (request, response) => {
      const [status, body] = answers[request.url!] ?? [404, ""];
      response.writeHead(status, { connection: "close" }).end(body);
    });
    servers.push(server);
    return listen(server);
  }

  test.each([
    ["Zookeeper version: 3.9.5\nMode: follower\nNode count: 5\n", true, "follower"],
    ["Zookeeper version: 3.9.5\nMode: standalone\n", true, "standalone"],
    [
      "This ZooKeeper instance is not currently serving requests\n",
      false,
      "This ZooKeeper instance is not currently serving requests",
    ],
    ["", false, "no answer to srvr"],
  ])("ZooKeeper that says %j", (answer, healthy, detail) => {
    expect(judgeZooKeeper(answer)).toEqual({ healthy, detail });
  });

  test("ZooKeeper is asked over its client port", async () => {
    const server = tls.createServer(serverOptions(own), (socket) => {
      socket.on("data", (word) => socket.end(String(word) === "srvr" ? "Mode: leader\n" : "?"));
    });
    servers.push(server);
    const port = await listen(server);
    expect(await checkHealth({ kind: "zookeeper", port }, "127.0.0.1", credentials)).toEqual({
      healthy: true,
      detail: "leader",
    });
  });

  test("a JobManager is healthy when it knows the leader", async () => {
    const port = await serve({ "/overview": [200, '{"taskmanagers":3}'] });
    const health = await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials);
    expect(health).toEqual({ healthy: true, detail: "knows the leader" });
  });

  test.each<[string, [number, string]]>([
    ["the REST API answers 503", [503, '{"errors":["Service temporarily unavailable"]}']],
    ["the REST API answers 200", [200, "{}"]],
  ])("a JobManager of which %s is not", async (detail, answer) => {
    const port = await serve({ "/overview": answer });
    expect(await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials)).toEqual({
      healthy: false,
      detail,
    });
  });

  test("an answer that would fill the agent's memory is not read to its end", async () => {
    const port = await serve({ "/overview": [200, `{"taskmanagers":3,"more":"${"x".repeat(5 << 20)}"}`] });
    expect(await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials)).toEqual({
      healthy: false,
      detail: `127.0.0.1:${port}: the answer has more than 4194304 bytes`,
    });
  });

  test("what answers with no JSON is not healthy", async () => {
    const port = await serve({ "/overview": [200, "<html>"] });
    expect((await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials)).healthy).toBe(false);
  });

  test("a port that nobody listens on is said by name", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const expected = { healthy: false, detail: `127.0.0.1:${port}: ECONNREFUSED` };
    expect(await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials)).toEqual(expected);
  });

  test("a process of another cluster is not taken for ours, nor is one that speaks plain text", async () => {
    const other = await makeNodeTls(path.join(folder, "other"));
    // It asks for no certificate: that we do not trust it must be enough.
    const options = { ...serverOptions(other), requestCert: false };
    const server = https.createServer(options, (_, response) => response.end('{"taskmanagers":3}'));
    servers.push(server);
    const port = await listen(server);
    const health = await checkHealth({ kind: "flink-jobmanager", port }, "127.0.0.1", credentials);
    expect(health.healthy).toBe(false);
    expect(health.detail).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    const plain = net.createServer((socket) => socket.resume().end("Mode: leader\n"));
    servers.push(plain);
    const question = { kind: "zookeeper", port: await listen(plain) } as const;
    expect((await checkHealth(question, "127.0.0.1", credentials)).healthy).toBe(false);
  });

  test("before the node has its certificates, that is said", async () => {
    const none = { ...credentials, rest: path.join(folder, "none.pem") };
    expect(await checkHealth({ kind: "flink-jobmanager", port: 1 }, "127.0.0.1", none)).toEqual({
      healthy: false,
      detail: "127.0.0.1:1: ENOENT",
    });
  });

  test("a TaskManager is known by its address", () => {
    const path = (host: string) => ({ path: `pekko.tcp://flink@${host}:6122/user/rpc/taskmanager_0` });
    const body = { taskmanagers: [path("node-10.orders.flink.internal"), path("node-2.orders.flink.internal")] };
    const judge = (host: string) => judgeTaskManagers({ status: 200, body }, host).healthy;
    expect(judge("node-2.orders.flink.internal")).toBe(true);
    expect(judge("node-1.orders.flink.internal")).toBe(false);
    expect(judgeTaskManagers({ status: 503 }, "x").detail).toContain("503");
  });
});

test("what systemd says of units is read", () => {
  const block = (lines: Record<string, string>) =>
    Object.entries(lines)
      .map(([key, value]) => `${key}=${value}`)
      .join("\n");
  const text = [
    block({
      Id: "a.service",
      ActiveState: "active",
      SubState: "running",
      Result: "success",
      NRestarts: "2",
      ActiveEnterTimestamp: "@1700000000",
    }),
    block({ Id: "b.service", ActiveState: "failed", SubState: "failed", Result: "exit-code", NRestarts: "0" }),
    block({ Id: "c.service", ActiveState: "activating", SubState: "auto-restart", Result: "signal", NRestarts: "7" }),
  ].join("\n\n");
  expect(parseShow(`${text}\n`)).toEqual([
    {
      name: "a.service",
      active: true,
      state: "active (running)",
      restarts: 2,
      since: "2023-11-14T22:13:20.000Z",
    },
    { name: "b.service", active: false, state: "failed (Result: exit-code)", restarts: 0 },
    { name: "c.service", active: false, state: "activating (Result: signal)", restarts: 7 },
  ]);
});
