import type { Agent, ClientRequest, IncomingMessage } from "http";
import * as https from "https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { readBounded } from "../agent/bounded-read";
import { connectionProblem } from "./connection-problem";
import { NotDelivered } from "./not-delivered";
import { OutOfTime, within } from "./within";

export interface HttpsClientOptions {
  /** Such as `https://search.example.internal:9200`. */
  readonly url: string;
  /** PEM; absent: those that the operating system trusts. */
  readonly certificateAuthorities?: string;
  /** On the way, by CONNECT. */
  readonly proxy?: { readonly host: string; readonly port: number };
  /** What one request may take. */
  readonly timeoutSeconds: number;
}

export interface HttpsRequest {
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request of any method. */
export interface HttpsCall extends Omit<HttpsRequest, "body"> {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  /** Absent: nothing is sent along. */
  readonly body?: string;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly body: string;
}

const MOST_CONNECTIONS = 4;
const LARGEST_ANSWER = 8 << 20;

/** Calls one host, over TLS 1.2 or later and connections that are kept. Follows no redirection: requests hold a login. */
export class HttpsClient {
  private readonly url: URL;
  private readonly agent: Agent;
  private readonly tls: https.RequestOptions;

  public constructor(private readonly options: HttpsClientOptions) {
    const { url, certificateAuthorities: ca, proxy } = options;
    this.url = new URL(url);
    const connections = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
    this.tls = { minVersion: "TLSv1.2", ...(ca !== undefined && { ca }) };
    this.agent = proxy
      ? new HttpsProxyAgent(`http://${proxy.host}:${proxy.port}`, connections)
      : new https.Agent(connections);
  }

  /** Whatever is answered is an answer; fails with `NotDelivered` where none comes. */
  public post(request: HttpsRequest, signal: AbortSignal): Promise<HttpsAnswer> {
    return this.call({ method: "POST", ...request }, signal);
  }

  /** The same by any method. */
  public async call(request: HttpsCall, signal: AbortSignal): Promise<HttpsAnswer> {
    try {
      return await this.once(request, signal);
    } catch (error) {
      // The host may end a connection that was silent just as it is used again: that says nothing about the host.
      if (!(error instanceof ClosedInSilence)) throw error;
      return await this.once(request, signal);
    }
  }

  /** Closes what is kept open. */
  public close(): void {
    this.agent.destroy();
  }

  private async once(request: HttpsCall, signal: AbortSignal): Promise<HttpsAnswer> {
    const { proxy, timeoutSeconds } = this.options;
    try {
      return await within(timeoutSeconds, signal, (bounded) => this.send(request, bounded));
    } catch (error) {
      if (error instanceof NotDelivered || error instanceof ClosedInSilence) throw error;
      const isLate = error instanceof OutOfTime;
      const attempt = { url: this.url, proxy, ...(isLate && { timeoutSeconds }) };
      throw new NotDelivered(connectionProblem(error, attempt), { cause: error });
    }
  }

  private async send({ method, path, headers, body }: HttpsCall, signal: AbortSignal): Promise<HttpsAnswer> {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const request = https.request(this.url, {
      ...this.tls,
      ...{ method, agent: this.agent, path },
      headers: { ...headers, ...(bytes && { "content-length": bytes.length }) },
      signal,
    });
    try {
      const answer = await answerOf(request, bytes);
      const text = await readBounded(answer, LARGEST_ANSWER, "an answer");
      return { status: answer.statusCode!, body: text.toString("utf8") };
    } catch (error) {
      // Its connection is in an unknown state.
      request.destroy();
      throw isClosedInSilence(request, error) ? new ClosedInSilence("", { cause: error }) : error;
    }
  }
}

class ClosedInSilence extends Error {}

function isClosedInSilence(request: ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
}

function answerOf(request: ClientRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // An answer of the proxy itself, which the agent hands on as if the host had given it.
    request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200) reject(new NotDelivered(`the proxy does not lead there: HTTP ${statusCode}`));
    });
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}
