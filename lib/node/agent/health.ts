import * as net from "net";
import type { HealthCheckSpec } from "../desired-state";

/** What a process says of itself, or why it cannot be asked. */
export interface Health {
  readonly healthy: boolean;
  /** Short, without figures that change all the time: it stands in the report. */
  readonly detail: string;
}

/** While a leader falls, the REST API hangs before it answers again: a short limit would kill what recovers. */
const REST_TIMEOUT_MILLIS = 20_000;
const ZOOKEEPER_TIMEOUT_MILLIS = 5_000;

/** Asks a process of this node. Never throws. */
export async function checkHealth(check: HealthCheckSpec, host: string): Promise<Health> {
  try {
    switch (check.kind) {
      case "zookeeper":
        return judgeZooKeeper(await fourLetterWord(host, check.port, "srvr"));
      case "flink-jobmanager":
        return judgeOverview(await getJson(`http://${host}:${check.port}/overview`));
      case "flink-taskmanager":
        return judgeTaskManagers(await getJson(`http://${host}:${check.port}/taskmanagers`), host);
    }
  } catch (error) {
    return { healthy: false, detail: `${host}:${check.port}: ${messageOf(error)}` };
  }
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

export async function getJson(url: string): Promise<JsonAnswer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(REST_TIMEOUT_MILLIS), redirect: "error" });
  const text = await answer.text();
  return answer.ok ? { status: answer.status, body: JSON.parse(text) as unknown } : { status: answer.status };
}

function fourLetterWord(host: string, port: number, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), ZOOKEEPER_TIMEOUT_MILLIS);
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(word));
    socket.on("data", (text: string) => {
      answer += text;
      if (answer.length > 65_536) socket.destroy(new Error("the answer does not end"));
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
    socket.on("close", () => clearTimeout(timer));
  });
}

/** fetch hides why a connection failed in `cause`. */
function messageOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
