import { type ChildProcess, spawn } from "child_process";
import { once } from "events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "fs";
import { request } from "https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "net";
import { tmpdir } from "os";
import { join } from "path";
import type { Account } from "../lab/account";
import { createAuthority, KeyAndCertificate } from "../lab/authority";
import { bundle } from "../lab/bundle";
import type { ApiCall } from "../lab/fabric/api-call";
import { Front } from "../lab/fabric/front";
import { agentSocket, SessionManager } from "../lab/fabric/session-manager";
import { installLabPlugin } from "../lab/session-manager/install-plugin";
import { waitFor } from "../lab/wait-for";
import { anyFreePort } from "../../lib/local/free-port";

const REGION = "eu-west-1";
const ACCOUNT = {
  region: REGION,
  instances: [
    { id: "i-0", state: "running" },
    { id: "i-1", state: "running" },
    { id: "i-2", state: "stopped" },
  ],
} as unknown as Account;
const USER = "AROA1:ann";

// Programs begin, which takes its time where the processors are busy.
jest.setTimeout(300_000);

let folder: string;
let authority: KeyAndCertificate;
let sessions: SessionManager;
let front: Front;
let port: number;
let plugins: string;
let target: Server;
const calls: ApiCall[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
  const agents = join(folder, "agents");
  mkdirSync(agents);
  authority = await createAuthority();
  writeFileSync(join(folder, "authority.pem"), authority.certificate);
  // In the lab names lead to the front, and its port is that of all of AWS.
  writeFileSync(
    join(folder, "names.js"),
    `require("dns").lookup = (name, ...rest) => {
      const [done, options = {}] = rest.reverse();
      if (options.all) done(null, [{ address: "127.0.0.1", family: 4 }]);
      else done(null, "127.0.0.1", 4);
    };`,
  );
  sessions = new SessionManager(() => ACCOUNT, agents);
  front = new Front({
    ...{ emulatorSocket: join(folder, "none"), authority, accessLog: join(folder, "calls.jsonl") },
    judge: (call) => {
      calls.push(call);
      return { allowed: true, reason: "yes", userId: USER };
    },
    answer: (call, { userId }) => sessions.answer(call, userId),
  });
  await front.listen("127.0.0.1", 0);
  port = front.portAt("127.0.0.1");
  plugins = await installLabPlugin(folder, agents);
  const agent = join(folder, "agent.js");
  await bundle(join(__dirname, "../lab/fabric/session-agent.ts"), agent);
  for (const id of ["i-0", "i-2"]) {
    start(process.execPath, [agent, agentSocket(agents, id)]);
    await waitFor(() => existsSync(agentSocket(agents, id)), { timeout: 120_000, what: "the agent" });
  }
  target = createServer((socket) => socket.on("data", (data) => socket.end(`heard: ${String(data)}`)));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(running.map((child) => (child.kill("SIGKILL"), once(child, "close"))));
  await new Promise((resolve) => target.close(resolve));
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, ...env } });
  children.push(child);
  return child;
}

async function ask(action: string, parameters: object): Promise<Record<string, string>> {
  const host = `ssm.${REGION}.amazonaws.com`;
  const headers = { host, "content-type": "application/x-amz-json-1.1", "x-amz-target": `AmazonSSM.${action}` };
  const body = JSON.stringify(parameters);
  const asked = request({
    ...{
      host: "127.0.0.1",
      port,
      method: "POST",
      path: "/",
      agent: false,
      servername: host,
      ca: authority.certificate,
    },
    headers: { ...headers, "content-length": body.length },
  });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [AsyncIterable<Buffer>];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
}

/** Runs the plugin for a session with i-0 that leads to a port there. */
async function tunnel(
  destination: number,
): Promise<{ child: ChildProcess; local: number; id: string; said: () => string }> {
  const session = await ask("StartSession", { Target: "i-0" });
  const local = await anyFreePort();
  const parameters = { host: ["127.0.0.1"], portNumber: [String(destination)], localPortNumber: [String(local)] };
  const stream = session.StreamUrl.replace(".com/", `.com:${port}/`);
  const child = start(
    join(plugins, "session-manager-plugin"),
    [
      "SESSION",
      REGION,
      "StartSession",
      "",
      JSON.stringify({ Target: "i-0", Parameters: parameters }),
      `https://ssm.${REGION}.amazonaws.com:${port}`,
    ],
    {
      SESSION: JSON.stringify({ ...session, StreamUrl: stream }),
      NODE_EXTRA_CA_CERTS: join(folder, "authority.pem"),
      NODE_OPTIONS: `--require ${join(folder, "names.js")}`,
      ...{ AWS_ACCESS_KEY_ID: "ASIA", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" },
    },
  );
  let said = "";
  child.stdout!.on("data", (data) => (said += String(data)));
  child.stderr!.on("data", (data) => (said += String(data)));
  await waitFor(() => said.includes("opened for sessionId") || child.exitCode !== null, {
    timeout: 120_000,
    what: "it",
  });
  if (child.exitCode !== null) throw new Error(`the plugin has ended: ${said}`);
  return { child, local, id: session.SessionId, said: () => said };
}

async function say(local: number, text: string): Promise<string> {
  const socket: Socket = connect(local, "127.0.0.1");
  socket.write(text);
  let heard = "";
  socket.on("data", (data) => (heard += String(data)));
  await once(socket, "close");
  return heard;
}

test("a session is had with a machine that runs and has an agent, and with no other", async () => {
  expect(await ask("StartSession", { Target: "i-0" })).toMatchObject({
    SessionId: expect.stringMatching(/^ann-[0-9a-f]{17}$/),
  });
  for (const Target of ["i-1", "i-2", "i-3"]) {
    expect(await ask("StartSession", { Target })).toMatchObject({ __type: "TargetNotConnected" });
  }
});

test("the plugin carries bytes from the machine's own network, and ends the session at Ctrl-C", async () => {
  const { child, local, id } = await tunnel((target.address() as AddressInfo).port);
  expect(await say(local, "hello")).toBe("heard: hello");
  expect(await say(local, "again")).toBe("heard: again");
  expect(sessions.session(id)).toMatchObject({ id, userId: USER });
  child.kill("SIGINT");
  await once(child, "close");
  expect(child.exitCode).toBe(0);
  expect(sessions.session(id)).toBeUndefined();
  // As whoever took the role, with a signature of the service that the channel is of.
  const channel = calls.find(({ service }) => service === "ssmmessages")!;
  expect(channel).toMatchObject({ accessKeyId: "ASIA", host: `ssmmessages.${REGION}.amazonaws.com`, method: "GET" });
});

test("where the destination cannot be reached from there, the connection ends and the session goes on", async () => {
  const { child, local, said } = await tunnel(await anyFreePort());
  expect(await say(local, "hello")).toBe("");
  expect(said()).toMatch(/Connection to destination port failed.*ECONNREFUSED/);
  expect(child.exitCode).toBeNull();
});

test("a call that is not about sessions goes on to the emulator", () => {
  const call = { service: "ssm", action: "GetParameter", body: Buffer.from("{}") } as unknown as ApiCall;
  expect(sessions.answer(call)).toBeUndefined();
  expect(readFileSync(join(folder, "calls.jsonl"), "utf8")).toContain('"action":"StartSession"');
});
