import { connect, type ConnectionOptions } from "node:tls";
import { setTimeout as delay } from "node:timers/promises";
import { explain, Problem } from "../../software/problem";
import type { RestNode } from "../operated-cluster";
import type { IWays, Way } from "./way";

/** How an operator calls the node of a name. */
export type TlsOf = (host: string) => ConnectionOptions;

/** How long a node has to answer by a new way. */
const PATIENCE_MILLIS = 20_000;
const PAUSE_MILLIS = 250;
/** Certificates that are wrong stay so. */
const WRONG_CERTIFICATE = /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/**
 * A way to the first of the nodes that answers by one: it carries bytes when it is given, as the node has shown a
 * certificate with its name, and has taken the operator's.
 */
export async function openWay(
  ways: IWays,
  nodes: readonly RestNode[],
  tls: TlsOf,
  patienceMillis = PATIENCE_MILLIS,
): Promise<Way> {
  const reasons: string[] = [];
  for (const node of nodes) {
    const way = await ways.open(node);
    const reason = await untilItCarries(way, tls(node.host), patienceMillis);
    if (reason === undefined) return way;
    await way.close();
    reasons.push(`${node.name}: ${reason}`);
  }
  throw new Problem(`no node of the cluster can be called (${reasons.join("; ")}): see \`cdktf-flink status\``);
}

/** Undefined as soon as it does; else why it does not. */
async function untilItCarries(way: Way, tls: ConnectionOptions, patienceMillis: number): Promise<string | undefined> {
  const end = Date.now() + patienceMillis;
  let gone: string | undefined;
  void way.ended.then((why) => (gone = why));
  for (;;) {
    const failure = await handshake(way, tls, Math.max(1, end - Date.now()));
    if (failure === undefined) return undefined;
    if (gone !== undefined) return gone;
    if (WRONG_CERTIFICATE.test(failure.code ?? "")) return explain(failure);
    if (Date.now() + PAUSE_MILLIS >= end) return explain(failure);
    await delay(PAUSE_MILLIS);
  }
}

function handshake(
  { address, port }: Way,
  tls: ConnectionOptions,
  timeoutMillis: number,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...tls, host: address, port });
    const end = (failure?: Error): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.setTimeout(timeoutMillis, () => end(new Error("it does not answer")));
    socket.once("error", end);
    socket.once("close", () => end(new Error("the connection was closed")));
    socket.once("secureConnect", () => end());
  });
}
