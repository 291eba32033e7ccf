import { createHash, timingSafeEqual } from "crypto";
import { createServer, IncomingMessage, Server, ServerResponse } from "http";
import { ConnectionRoom } from "./connection-room";
import { RateLimit } from "./rate-limit";
import type { SessionCredentials } from "./sts";

/** What a caller asks for, and what it shows. */
export interface CredentialsQuestion {
  /** The one path that is answered. */
  readonly path: string;
  readonly token: string;
}

/** Where the server gets what it hands out. */
export interface CredentialsSource {
  get(patienceMillis: number): Promise<SessionCredentials | undefined>;
}

const LOOPBACK = "127.0.0.1";
/** Shorter than the clients' own patience, which is 5 s in the AWS SDK for Java 1. */
const PATIENCE_MILLIS = 3_000;
/** Far more than Flink's clients ask for, and little work for the agent. Each of the two kinds of callers has its own. */
const REQUESTS_PER_SECOND = 200;
const BURST = 400;
const MOST_CONNECTIONS = 256;
/** How often connections are looked at that send too slowly. */
const CHECK_MILLIS = 1_000;

/** How often who shows the token may ask, and who does not: strangers use up nothing of what Flink needs. */
export interface CallerLimits {
  readonly known: RateLimit;
  readonly strangers: RateLimit;
}

/**
 * Gives credentials to those that show the token, in the form that AWS's SDKs expect of a container's credentials
 * (`AWS_CONTAINER_CREDENTIALS_FULL_URI`). On loopback only; nothing that it is asked or answers is written to a log.
 */
export class CredentialsServer {
  private readonly path: string;
  private readonly tokenHash: Buffer;
  private readonly server: Server;
  private readonly room: ConnectionRoom;

  public constructor(
    { path, token }: CredentialsQuestion,
    private readonly source: CredentialsSource,
    private readonly limits: CallerLimits = {
      known: new RateLimit(REQUESTS_PER_SECOND, BURST),
      strangers: new RateLimit(REQUESTS_PER_SECOND, BURST),
    },
    mostConnections = MOST_CONNECTIONS,
  ) {
    this.path = path;
    this.tokenHash = hash(token);
    const bounds = { requestTimeout: 5_000, headersTimeout: 5_000, maxHeaderSize: 8_192 };
    this.server = createServer({ ...bounds, connectionsCheckingInterval: CHECK_MILLIS }, (request, response) => {
      const isKnown = this.isKnown(request);
      if (isKnown) this.room.isKnown(request.socket);
      this.answer(request, isKnown).then(
        ([status, body]) => send(response, status, body),
        () => send(response, 500, problem("InternalError", "the agent failed")),
      );
    });
    this.room = new ConnectionRoom(this.server, mostConnections);
  }

  /** @param port 0 takes any free one; gives the one that it listens on */
  public listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, LOOPBACK, () => resolve((this.server.address() as { port: number }).port));
    });
  }

  public close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Of the same length whatever was sent, so that the time of the comparison tells nothing. */
  private isKnown(request: IncomingMessage): boolean {
    return timingSafeEqual(hash(request.headers.authorization ?? ""), this.tokenHash);
  }

  private async answer(request: IncomingMessage, isKnown: boolean): Promise<[number, object]> {
    if (!this.limits[isKnown ? "known" : "strangers"].pass()) {
      return [429, problem("TooManyRequests", "ask less often")];
    }
    if (request.method !== "GET" || request.url !== this.path) return [404, problem("NotFound", "not here")];
    if (!isKnown) return [401, problem("Unauthorized", "the token is missing or wrong")];
    const found = await this.source.get(PATIENCE_MILLIS);
    if (!found) return [503, problem("NoCredentials", "there are none at the moment: the node's report says why")];
    return [
      200,
      {
        AccessKeyId: found.accessKeyId,
        SecretAccessKey: found.secretAccessKey,
        Token: found.sessionToken,
        // Without fractions of a second, as AWS itself writes it.
        Expiration: found.expiration.toISOString().replace(/\.\d+Z$/, "Z"),
      },
    ];
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function problem(code: string, message: string): object {
  return { code, message };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "cache-control": "no-store", connection: "close" };
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
}
