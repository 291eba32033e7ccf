import { createWriteStream, WriteStream } from "fs";
import { IncomingMessage, request as httpRequest, ServerResponse } from "http";
import { createServer, Server } from "https";
import { AddressInfo } from "net";
import { createSecureContext, SecureContext } from "tls";
import { Issuer, KeyAndCertificate } from "../authority";
import { actionIsInBody, ApiCall, describeCall, Judge, Verdict } from "./api-call";
import { judgeFailed } from "./judge-failed";
import { refusal } from "./refusal";
import type { OwnAnswer } from "./session-manager";

export interface FrontOptions {
  /** Where the emulator listens. */
  readonly emulatorSocket: string;
  readonly authority: KeyAndCertificate;
  /** A line of JSON per call. */
  readonly accessLog: string;
  readonly judge: Judge;
  /** Answers calls that are allowed and that the emulator does not play; undefined for all others. */
  readonly answer?: (call: ApiCall, verdict: Verdict) => OwnAnswer | undefined;
}

/** Names that a certificate is made for: AWS's own, and no others. */
const SERVED_NAME = /^([a-z0-9_-]+\.)+amazonaws\.com(\.cn)?$/;
/** These belong to one connection, and the body's framing is made anew. */
const HOP_HEADERS = new Set(["connection", "keep-alive", "expect", "proxy-connection", "te", "trailer", "upgrade"]);

/** What stands where AWS's endpoints are: TLS by the lab's authority, a judge, a log, and the emulator behind it. */
export class Front {
  private readonly issuer: Issuer;
  private readonly log: WriteStream;
  private readonly contexts = new Map<string, SecureContext>();
  private readonly servers = new Map<string, Server>();

  public constructor(private readonly options: FrontOptions) {
    this.issuer = new Issuer(options.authority);
    this.log = createWriteStream(options.accessLog, { flags: "a" });
  }

  /** Listens on a port of an address; does nothing if it listens there. */
  public async listen(address: string, port = 443): Promise<void> {
    if (this.servers.has(address)) return;
    const server = createServer(
      {
        SNICallback: (name, done) => {
          this.contextFor(name).then(
            (context) => done(null, context),
            (error: Error) => done(error),
          );
        },
        // A body of gigabytes from a slow node is no attack.
        requestTimeout: 0,
        keepAliveTimeout: 60_000,
      },
      (request, response) => void this.serve(request, response),
    );
    this.servers.set(address, server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, address, 1024, resolve);
    });
  }

  /** The port that is listened on at an address. */
  public portAt(address: string): number {
    return (this.servers.get(address)!.address() as AddressInfo).port;
  }

  /** Ends it. */
  public async close(): Promise<void> {
    for (const server of this.servers.values()) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await new Promise<void>((resolve) => this.log.end(resolve));
  }

  private async contextFor(name: string): Promise<SecureContext> {
    if (!SERVED_NAME.test(name)) throw new Error(`no certificate for ${name}: not a name of AWS`);
    let context = this.contexts.get(name);
    if (!context) {
      const pair = await this.issuer.certificateFor(name);
      context = createSecureContext({ key: pair.key, cert: pair.certificate });
      this.contexts.set(name, context);
    }
    return context;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = Date.now();
    try {
      const body = actionIsInBody(request) ? await readAll(request) : undefined;
      const call = describeCall(request, body);
      const verdict = await this.decided(call, started, () => this.options.judge(call));
      response.once("close", () => this.record(call, verdict, response.statusCode, Date.now() - started));
      if (!verdict.allowed) return refuse(request, response, call, verdict);
      const own = this.options.answer?.(call, verdict);
      if (own) return say(request, response, own);
      const answer = await this.ask(request, response, body);
      verdict.answered?.();
      const hidden = answer.statusCode === 404 ? await this.missing(call, started, verdict) : undefined;
      if (hidden && !hidden.allowed) {
        answer.resume();
        this.record(call, hidden, 403, Date.now() - started, true);
        return refuse(request, response, call, hidden);
      }
      // What the leave to know of it was given by is used as well.
      if (hidden) this.record(call, hidden, 404, Date.now() - started, true);
      await pass(answer, response, answer.statusCode === 200 ? verdict.learn : undefined);
    } catch (error) {
      console.error(`${request.method} ${request.headers.host} ${request.url}:`, error);
      fail(response, error as Error);
    }
  }

  /** A judge that cannot say anything has not said yes: the log tells of it as of a refusal. */
  private async decided<T>(
    call: ApiCall,
    started: number,
    decide: () => T | Promise<T>,
    followUp?: boolean,
  ): Promise<T> {
    try {
      return await decide();
    } catch (error) {
      this.record(call, judgeFailed(call, error as Error), 502, Date.now() - started, followUp);
      throw error;
    }
  }

  private async missing(call: ApiCall, started: number, { ifMissing }: Verdict): Promise<Verdict | undefined> {
    return ifMissing && this.decided(call, started, ifMissing, true);
  }

  /** Puts the call to the emulator. */
  private ask(request: IncomingMessage, response: ServerResponse, body: Buffer | undefined): Promise<IncomingMessage> {
    const headers: Record<string, string | string[] | undefined> = { ...request.headers };
    for (const name of HOP_HEADERS) delete headers[name];
    headers["x-forwarded-proto"] = "https";
    // Else the emulator, quick to answer, closes before the end of a short body is told to it: a broken pipe.
    headers.connection = "keep-alive";
    return new Promise((resolve, reject) => {
      const upstream = httpRequest(
        { socketPath: this.options.emulatorSocket, method: request.method, path: request.url, headers, agent: false },
        resolve,
      );
      upstream.on("error", reject);
      response.on("close", () => upstream.destroy());
      if (body) upstream.end(body);
      else request.pipe(upstream);
    });
  }

  /** Logs what was decided about something that is no call of the endpoints. */
  public note(service: string, action: string, verdict: Verdict): void {
    const { allowed, principal, reason, decisions } = verdict;
    const line = { time: new Date().toISOString(), service, action, method: "", path: "" };
    this.log.write(`${JSON.stringify({ ...line, principal, allowed, reason, decisions })}\n`);
  }

  /** @param followUp whether it is about a call that has a line of its own */
  private record(call: ApiCall, verdict: Verdict, status: number, milliseconds: number, followUp?: boolean): void {
    const { from, host, method, path, service, action, accessKeyId } = call;
    const time = new Date().toISOString();
    const { allowed, principal } = verdict;
    // Where the statements are named they are the reason.
    const decisions = verdict.decisions?.map((decision) => ({ ...decision, reason: undefined }));
    const reason = allowed && decisions ? undefined : verdict.reason;
    const line = {
      time,
      from,
      service,
      action,
      host,
      method,
      path,
      accessKeyId,
      principal,
      userAgent: call.headers["user-agent"],
      allowed,
      reason,
      decisions,
      status,
      milliseconds,
      followUp,
    };
    this.log.write(`${JSON.stringify(line)}\n`);
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Hands an answer on; whoever has to learn from it has it first. */
async function pass(answer: IncomingMessage, response: ServerResponse, learn: Verdict["learn"]): Promise<void> {
  const headers: Record<string, string | string[] | undefined> = { ...answer.headers };
  for (const name of HOP_HEADERS) delete headers[name];
  const head = () => response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  if (!learn) {
    head();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
    return;
  }
  const body = await readAll(answer);
  learn(body);
  head();
  response.end(body);
}

function say(request: IncomingMessage, response: ServerResponse, { status, body }: OwnAnswer): void {
  request.resume();
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}

function refuse(request: IncomingMessage, response: ServerResponse, call: ApiCall, verdict: Verdict): void {
  request.resume();
  const { status, type, body, headers } = refusal(call, verdict);
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
}

function fail(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(502, { "content-type": "text/plain" });
  response.end(`the call was not judged, or the emulator did not answer: ${error.message}\n`);
}
