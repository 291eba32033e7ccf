import { once } from "events";
import { request, type RequestOptions } from "https";
import { connect, createServer, type Socket } from "net";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../node/support/sha256";
import { agentSocket } from "../fabric/session-manager";

/**
 * Plays the plugin of Session Manager in the lab, with its arguments: it takes a session from the environment, opens the
 * data channel by the operator's own credentials, listens on the local port that the session was asked for, carries bytes
 * to the agent of the machine, which runs in that machine's network, and ends the session at Ctrl-C. It is no websocket
 * that it opens, and the bytes go no way of AWS.
 */
const [agents, ...args] = process.argv.slice(2);

interface StartedSession {
  readonly SessionId: string;
  readonly StreamUrl: string;
  readonly TokenValue: string;
}

interface SessionRequest {
  readonly Target: string;
  readonly Parameters: Readonly<Record<"host" | "portNumber" | "localPortNumber", readonly [string]>>;
}

async function main(): Promise<void> {
  const [variable, region, operation, , parameters, endpoint] = args;
  if (operation !== "StartSession") throw new Error(`${operation} is no operation of the plugin`);
  const session = JSON.parse(process.env[variable]!) as StartedSession;
  const { Target, Parameters } = JSON.parse(parameters) as SessionRequest;
  if (session.TokenValue !== `token of ${session.SessionId}`) throw new Error("the token is not of the session");
  await openChannel(session, region);

  const destination = { host: Parameters.host[0], port: Number(Parameters.portNumber[0]) };
  const server = createServer((outer) => void carry(outer, agentSocket(agents, Target), destination));
  server.listen(Number(Parameters.localPortNumber[0]), "127.0.0.1");
  await once(server, "listening");
  console.log(`Port ${Parameters.localPortNumber[0]} opened for sessionId ${session.SessionId}.`);
  process.once("SIGINT", () => {
    terminate(session, region, endpoint).then(
      () => process.exit(0),
      (error: Error) => {
        console.log(error.message);
        process.exit(1);
      },
    );
  });
}

/** By a signature of the caller's own, for which a user needs ssmmessages:OpenDataChannel. */
function openChannel({ StreamUrl }: StartedSession, region: string): Promise<void> {
  return call("ssmmessages", region, new URL(StreamUrl), { method: "GET" });
}

function terminate({ SessionId }: StartedSession, region: string, endpoint: string): Promise<void> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.TerminateSession" };
  const body = JSON.stringify({ SessionId });
  return call("ssm", region, new URL(endpoint), { method: "POST", headers, body });
}

/** By the operator's own credentials. Without an SDK, which takes long to load where the processors are busy. */
async function call(
  service: string,
  region: string,
  { host, hostname, port, pathname, searchParams }: URL,
  { method, headers = {}, body }: { method: string; headers?: Record<string, string>; body?: string },
): Promise<void> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_SDK_UA_APP_ID: app } = process.env;
  const credentials = {
    ...{ accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY!, sessionToken: AWS_SESSION_TOKEN },
  };
  const signer = new SignatureV4({ service, region, sha256: Sha256, credentials });
  const query = Object.fromEntries(searchParams);
  const length: Record<string, string> =
    body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const signed = await signer.sign({
    ...{ method, protocol: "https:", hostname, path: pathname, query, body },
    headers: { host, ...length, ...headers },
  });
  const userAgent = `session-manager-plugin${app === undefined ? "" : ` app/${app}`}`;
  const path = `${pathname}${searchParams.size > 0 ? `?${searchParams.toString()}` : ""}`;
  const options: RequestOptions = { hostname, port: port || 443, method, path };
  const asked = request({ ...options, headers: { ...signed.headers, "user-agent": userAgent } });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [{ statusCode?: number; resume(): void }];
  answer.resume();
  if (answer.statusCode !== 200) throw new Error(`${service} answers ${answer.statusCode}`);
}

async function carry(outer: Socket, agent: string, destination: object): Promise<void> {
  const inner = connect(agent);
  outer.on("error", () => inner.destroy());
  outer.on("close", () => inner.destroy());
  inner.on("error", () => outer.destroy());
  inner.write(`${JSON.stringify(destination)}\n`);
  const problem = await firstLine(inner);
  if (problem !== "") {
    console.log(`Connection to destination port failed, check SSM Agent logs (${problem}).`);
    outer.destroy();
    return;
  }
  outer.pipe(inner).pipe(outer);
}

/** Whatever comes behind it stays in the socket. */
async function firstLine(socket: Socket): Promise<string> {
  let line = "";
  for (;;) {
    const byte = socket.read(1) as Buffer | null;
    if (byte?.toString() === "\n") return line;
    if (byte) line += byte.toString("latin1");
    else if (socket.readableEnded || socket.destroyed) return line || "it was closed";
    else await Promise.race([once(socket, "readable"), once(socket, "end"), once(socket, "close")]);
  }
}

if (args[0] === "--version") console.log("1.2.764.0");
else {
  main().catch((error: Error) => {
    console.log(`Cannot perform start session: ${error.message}`);
    process.exit(0);
  });
}
