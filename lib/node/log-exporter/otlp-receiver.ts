import { createHash, timingSafeEqual } from "crypto";
import { createServer, IncomingMessage, Server, ServerResponse } from "http";
import { pipeline } from "stream";
import { createGunzip } from "zlib";
import { ConnectionRoom } from "../agent/connection-room";
import type { LogExporterConfiguration } from "../logs/log-exporter-configuration";
import type { CollectedRecord } from "./collected-record";
import { MalformedRequest, recordsOf } from "./record-stream";

/** What is done with records: it returns when they are delivered. */
export type Delivery = (records: readonly CollectedRecord[], signal: AbortSignal) => Promise<void>;

const PATH = "/v1/logs";
const HEADERS_TIMEOUT_MILLIS = 5_000;
const CHECK_MILLIS = 1_000;
const MOST_CONNECTIONS = 64;
/** Longer than the collector keeps one that is silent: it is the one that ends it. */
const KEEP_ALIVE_MILLIS = 120_000;

/**
 * Takes records from the collector, as OTLP over plain HTTP with JSON, on loopback. 200 is the answer when they are
 * delivered; else 503, upon which the collector keeps them and comes again: it drops what is refused in another way.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class OtlpReceiver {
  private readonly server: Server;
  private readonly room: ConnectionRoom;

  /** @param token value of the header `Authorization` that the collector shows; asked for each request */
  public constructor(
    private readonly token: () => Promise<string>,
    private readonly deliver: Delivery,
    private readonly log: (line: string) => void,
    mostConnections = MOST_CONNECTIONS,
  ) {
    this.server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MILLIS,
        // The body waits for the destination, as it is read piece by piece.
        requestTimeout: 0,
        keepAliveTimeout: KEEP_ALIVE_MILLIS,
        connectionsCheckingInterval: CHECK_MILLIS,
      },
      (request, response) => void this.answer(request, response),
    );
    this.room = new ConnectionRoom(this.server, mostConnections);
  }

  /** Gives the port that it listens on, as 0 takes any free one. */
  public listen({ host, port }: Pick<LogExporterConfiguration["listen"], "host" | "port">): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => resolve((this.server.address() as { port: number }).port));
    });
  }

  public close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    return closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const over = new AbortController();
    response.once("close", () => over.abort());
    try {
      const status = (await this.refusal(request)) ?? (await this.take(request, over.signal));
      send(request, response, status);
    } catch (error) {
      send(request, response, this.statusOf(error));
    }
  }

  /** A wrong token is no reason to lose lines: it is the collector's of an earlier boot, or a stranger's, who gets nothing. */
  private async refusal(request: IncomingMessage): Promise<number | undefined> {
    if (request.method !== "POST" || request.url !== PATH) return 404;
    const token = await this.token();
    const isKnown = token !== "" && timingSafeEqual(hash(request.headers.authorization ?? ""), hash(token));
    if (!isKnown) return 503;
    this.room.isKnown(request.socket);
    return undefined;
  }

  private async take(request: IncomingMessage, signal: AbortSignal): Promise<number> {
    const isPacked = request.headers["content-encoding"] === "gzip";
    // Where either ends early, the other one does too; the loop meets the error.
    const body = isPacked ? pipeline(request, createGunzip(), () => undefined) : request;
    for await (const records of recordsOf(body)) await this.deliver(records, signal);
    return 200;
  }

  private statusOf(error: unknown): number {
    if (!(error instanceof MalformedRequest)) return 503;
    this.log(`a request of the collector is lost: ${error.message}`);
    return 400;
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function send(request: IncomingMessage, response: ServerResponse, status: number): void {
  const isRead = request.complete;
  // What has not been read stands before the next request.
  if (!isRead) response.shouldKeepAlive = false;
  response.writeHead(status, { "content-type": "application/json" }).end("{}");
}
