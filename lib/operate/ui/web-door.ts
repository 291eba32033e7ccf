import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { request, type RequestOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { explain, Problem } from "../../software/problem";
import type { CurrentWay } from "../tunnel/current-way";
import type { TlsOf } from "../tunnel/open-way";
import type { Way } from "../tunnel/way";
import { DoorKeeper } from "./door-keeper";

export interface WebDoorOptions {
  readonly way: CurrentWay;
  readonly tls: TlsOf;
  /** Of 127.0.0.1; 0 for any that is free. */
  readonly port: number;
}

/** A web address on loopback for a browser without a certificate. */
export interface WebDoor {
  /** The address to begin with. Each works once; asked for after that, it is a new one. */
  readonly address: string;
  close(): Promise<void>;
}

/** Of one connection (RFC 9110, 7.6.1), or between the browser and the door. */
const NOT_PASSED_ON = [
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "host", "cookie", "origin", "referer", "set-cookie"],
];
/** A node that says nothing for so long is gone; the longest answer of Flink takes its own timeout of ten seconds or so. */
const SILENCE_MILLIS = 60_000;
/** What a browser shall make of each answer. */
const STRICT = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};
const PORT_IS_TAKEN = (port: number): string =>
  `on --port ${port} of 127.0.0.1 somebody else listens, or this program may not: give another one, or leave it out for any that is free`;
/** A redirect would not show a cookie that is this strict, where a link in another program led here. */
const WELCOME =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=./"><title>Flink</title>';

/** Opens a door to the web UI of a cluster: what comes in by the keeper goes on with the operator's certificate. */
export async function openWebDoor({ way, tls, port }: WebDoorOptions): Promise<WebDoor> {
  const server = createServer((incoming, outgoing) => answer(incoming, outgoing));
  const bound = await listen();
  const keeper = new DoorKeeper(bound);
  return {
    get address() {
      return keeper.address;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once("error", (failure: NodeJS.ErrnoException) => {
        const isTaken = failure.code === "EADDRINUSE" || failure.code === "EACCES";
        reject(isTaken ? new Problem(PORT_IS_TAKEN(port), { cause: failure }) : failure);
      });
      server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    for (const [name, value] of Object.entries(STRICT)) outgoing.setHeader(name, value);
    const verdict = keeper.judge(incoming);
    if (verdict.kind === "in") return void passOn(incoming, outgoing, verdict.path, true);
    incoming.resume();
    if (verdict.kind === "out") return say(outgoing, 403, verdict.why);
    outgoing.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "set-cookie": verdict.cookie,
    });
    outgoing.end(WELCOME);
  }

  async function passOn(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    path: string,
    again: boolean,
  ): Promise<void> {
    let current: Way;
    try {
      current = await way.get();
    } catch (failure) {
      incoming.resume();
      return say(outgoing, 502, explain(failure));
    }
    const { node, address } = current;
    const options: RequestOptions = {
      ...tls(node.host),
      ...{ host: address, port: current.port, method: incoming.method, path },
      headers: { ...passed(incoming.headers), host: `${node.host}:${node.port}` },
      timeout: SILENCE_MILLIS,
    };
    // A new connection for each: one that is kept may be of a way that has ended.
    const onward = request({ ...options, agent: false }, (found) => {
      outgoing.writeHead(found.statusCode ?? 502, { ...passed(found.headers), ...locationOf(found.headers) });
      found.pipe(outgoing);
      found.once("error", () => outgoing.destroy());
    });
    onward.once("timeout", () => onward.destroy(new Error(`${node.name} does not answer`)));
    outgoing.once("close", () => onward.destroy());
    onward.once("error", (failure) => {
      if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy();
      void way.giveUp(current);
      // What has a body may have been begun to be read, and done.
      const isSafe = incoming.method === "GET" || incoming.method === "HEAD";
      if (again && isSafe) return void passOn(incoming, outgoing, path, false);
      incoming.resume();
      say(outgoing, 502, `${node.name}: ${explain(failure)}`);
    });
    incoming.pipe(onward);
  }

  /** A redirect of Flink to its own address, as one that leads here. */
  function locationOf({ location }: IncomingHttpHeaders): { readonly location?: string } {
    if (location === undefined || !URL.canParse(location, "https://node")) return {};
    const { pathname, search, hash } = new URL(location, "https://node");
    return { location: `${keeper.folder.slice(0, -1)}${pathname}${search}${hash}` };
  }
}

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        !NOT_PASSED_ON.includes(name) &&
        !named.includes(name) &&
        !name.startsWith("sec-fetch-") &&
        !name.startsWith("access-control-"),
    ),
  );
}

function say(outgoing: ServerResponse, status: number, sentence: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  outgoing.end(`${sentence}\n`);
}
