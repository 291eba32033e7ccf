import { once } from "events";
import * as fs from "fs/promises";
import type { IncomingMessage } from "http";
import * as https from "https";
import * as tls from "tls";
import type { HealthCheckSpec } from "../desired-state";
import { JOB_MANAGER_TLS, NODE_AUTHORITY, ZOOKEEPER_TLS } from "../tls-paths";
import { readBounded } from "./bounded-read";

/** What a process says of itself, or why it cannot be asked. */
export interface Health {
  readonly healthy: boolean;
  /** Short, without figures that change all the time: it stands in the report. */
  readonly detail: string;
}

/** While a leader falls, the REST API hangs before it answers again: a short limit would kill what recovers. */
const REST_TIMEOUT_MILLIS = 20_000;
const ZOOKEEPER_TIMEOUT_MILLIS = 5_000;
/** Thousands of jobs. A process of Flink, in which jobs run, shall not fill the agent's memory. */
const LONGEST_REST_ANSWER = 4 << 20;
const LONGEST_ZOOKEEPER_ANSWER = 1 << 16;

/** Files with which a process is asked: nobody answers without a certificate. */
export interface Credentials {
  /** Certificate of the node authority, which is all that is trusted. */
  readonly authority: string;
  /** Key and certificate for ZooKeeper. */
  readonly zooKeeper: string;
  /** Key and certificate for the REST API. */
  readonly rest: string;
}

const OWN: Credentials = { authority: NODE_AUTHORITY, zooKeeper: ZOOKEEPER_TLS.pem, rest: JOB_MANAGER_TLS.pem };

/** Asks a process of this node. Never throws. */
export async function checkHealth(
  check: HealthCheckSpec,
  host: string,
  credentials: Credentials = OWN,
): Promise<Health> {
  const { port } = check;
  const askRest = (path: string) => getJson(host, port, path, credentials);
  try {
    switch (check.kind) {
      case "zookeeper":
        return judgeZooKeeper(await askZooKeeper(host, port, "srvr", credentials));
      case "flink-jobmanager":
        return judgeOverview(await askRest("/overview"));
      case "flink-taskmanager":
        return judgeTaskManagers(await askRest("/taskmanagers"), host);
    }
  } catch (error) {
    return { healthy: false, detail: `${host}:${check.port}: ${messageOf(error)}` };
  }
}

/** What a ZooKeeper server answers to one of its short words. */
export async function askZooKeeper(
  host: string,
  port: number,
  word: "mntr" | "srvr",
  credentials: Credentials = OWN,
): Promise<string> {
  return fourLetterWord(await target(host, port, credentials.authority, credentials.zooKeeper), word);
}

/** Only a server that belongs to a quorum names its mode. */
export function judgeZooKeeper(answer: string): Health {
  const mode = /^Mode: (leader|follower|standalone|observer)$/m.exec(answer)?.[1];
  if (mode !== undefined) return { healthy: true, detail: mode };
  return { healthy: false, detail: answer.trim().split("\n")[0]?.slice(0, 200) || "no answer to srvr" };
}

export function judgeOverview(answer: JsonAnswer): Health {
  const registered = (answer.body as { taskmanagers?: unknown } | undefined)?.taskmanagers;
  if (answer.status === 200 && typeof registered === "number") return { healthy: true, detail: "knows the leader" };
  return { healthy: false, detail: `the REST API answers ${answer.status}` };
}

/** A TaskManager is known by its address; its id is new with every start. */
export function judgeTaskManagers(answer: JsonAnswer, host: string): Health {
  if (answer.status !== 200) return { healthy: false, detail: `not known: the REST API answers ${answer.status}` };
  const listed = (answer.body as { taskmanagers?: { path?: string }[] } | undefined)?.taskmanagers ?? [];
  const registered = listed.some(({ path }) => path?.includes(`@${host}:`));
  return registered
    ? { healthy: true, detail: "registered" }
    : { healthy: false, detail: "not registered at the JobManager" };
}

export interface JsonAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Whom to call, and as whom. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly ca: Buffer;
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly allowPartialTrustChain: boolean;
}

/** The files are read each time, as they are renewed. */
export async function target(host: string, port: number, authority: string, pair: string): Promise<Target> {
  const [ca, own] = await Promise.all([fs.readFile(authority), fs.readFile(pair)]);
  // A private authority is trusted by itself, not for what signed it, which OpenSSL would look for.
  return { host, port, ca, key: own, cert: own, allowPartialTrustChain: true };
}

/** Asks the REST API of a JobManager; an agent keeps the connection for what it is asked next. */
export async function getJson(
  host: string,
  port: number,
  path: string,
  credentials: Credentials = OWN,
  agent: https.Agent | false = false,
): Promise<JsonAnswer> {
  const jobManager = await target(host, port, credentials.authority, credentials.rest);
  const signal = AbortSignal.timeout(REST_TIMEOUT_MILLIS);
  const request = https.get({ ...jobManager, path, agent, signal });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  // What breaks from here on, the response tells.
  request.on("error", () => undefined);
  const body = (await readBounded(response, LONGEST_REST_ANSWER, "the answer")).toString("utf8");
  const status = response.statusCode ?? 0;
  return status === 200 ? { status, body: JSON.parse(body) as unknown } : { status };
}

function fourLetterWord(to: Target, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(to);
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), ZOOKEEPER_TIMEOUT_MILLIS);
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("secureConnect", () => socket.write(word));
    socket.on("data", (text: string) => {
      answer += text;
      if (answer.length > LONGEST_ZOOKEEPER_ANSWER) socket.destroy(new Error("the answer does not end"));
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
    socket.on("close", () => clearTimeout(timer));
  });
}

/** A code where there is one: it says in one word why a connection failed. */
function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
