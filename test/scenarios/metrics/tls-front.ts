import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createAuthority, Issuer } from "../../lab/authority";

const HOST = "localhost";

/** HTTPS before a server on loopback: it lets in who shows the right header, and can be away. */
export class TlsFront {
  public static async start(upstreamPort: number, authorization: string): Promise<TlsFront> {
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    const front = new TlsFront(authority.certificate, { key, cert: certificate }, upstreamPort, authorization);
    await new Promise<void>((resolve) => front.server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  /** Answers 503 to all. */
  public isAway = false;
  public requests = 0;
  private readonly server: https.Server;

  private constructor(
    public readonly certificateAuthorities: string,
    pair: { readonly key: string; readonly cert: string },
    private readonly upstreamPort: number,
    public authorization: string,
  ) {
    this.server = https.createServer(pair, (request, response) => this.pass(request, response));
    this.server.on("connection", (socket: Socket) => socket.on("error", () => undefined));
  }

  public get url(): string {
    return `https://${HOST}:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests++;
    const refusal = this.isAway ? 503 : request.headers.authorization === this.authorization ? undefined : 401;
    if (refusal !== undefined) {
      request.resume();
      request.on("end", () => response.writeHead(refusal).end());
      return;
    }
    const { method, url: path, headers } = request;
    const upstream = http.request({ host: "127.0.0.1", port: this.upstreamPort, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  }
}
