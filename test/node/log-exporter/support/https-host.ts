import * as fs from "fs";
import type { IncomingHttpHeaders } from "http";
import * as https from "https";
import type { AddressInfo, Socket } from "net";
import { makeNodeTls } from "../../support/node-tls";
import { temporaryFolder } from "../../support/software";

export interface HostRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer; `cut` ends the connection without one, `silent` gives none. */
export type HostAnswer = { readonly status: number; readonly body: string } | "cut" | "silent";

/**
 * A host of HTTPS on loopback that answers what a test says: for what a real OpenSearch says too rarely to wait for it.
 * What a real one says is shown in the lab.
 */
export class HttpsHost {
  public static async start(): Promise<HttpsHost> {
    const folder = temporaryFolder();
    const { authority, pair } = await makeNodeTls(folder);
    const [certificateAuthorities, pem] = [authority, pair].map((file) => fs.readFileSync(file, "utf8"));
    fs.rmSync(folder, { recursive: true });
    const host = new HttpsHost(certificateAuthorities, pem);
    await host.listen();
    return host;
  }

  public readonly requests: HostRequest[] = [];
  /** Of connections, in all. */
  public connections = 0;
  /** What is answered to a request, by its number from 0. */
  public answer: (request: HostRequest, number: number) => HostAnswer = () => ({ status: 200, body: "{}" });
  private readonly server: https.Server;

  private constructor(
    public readonly certificateAuthorities: string,
    pem: string,
  ) {
    this.server = https.createServer({ key: pem, cert: pem }, (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        const asked = { url: request.url!, headers: request.headers, body };
        const answer = this.answer(asked, this.requests.push(asked) - 1);
        if (answer === "cut") request.socket.destroy();
        else if (answer !== "silent") response.writeHead(answer.status).end(answer.body);
      });
    });
    this.server.on("secureConnection", () => this.connections++);
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** Ends its side of all connections that nothing is asked through. */
  public closeIdle(): void {
    this.server.closeIdleConnections();
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async listen(): Promise<void> {
    this.server.on("connection", (socket: Socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }
}
