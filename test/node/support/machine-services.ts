import * as http from "http";
import type { AddressInfo } from "net";

const CREDENTIALS = {
  Code: "Success",
  AccessKeyId: "KEY",
  SecretAccessKey: "SECRET",
  Token: "SESSION",
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
};

/** How old every object is by the store's clock. */
export const AGE_SECONDS = 40;

/** How one request for an object is answered instead of well. */
export interface Fault {
  readonly status?: number;
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number;
  /** Also of an answer with a status. */
  readonly body?: Buffer;
}

/** The metadata service and an object store on loopback, with faults to order. */
export class MachineServices {
  public static async start(): Promise<MachineServices> {
    const services = new MachineServices();
    await new Promise<void>((resolve) => services.server.listen(0, "127.0.0.1", resolve));
    return services;
  }

  /** `bucket/key` to content. */
  public readonly objects = new Map<string, Buffer>();
  /** `bucket/key` to faults, of which each request takes the next. */
  public readonly faults = new Map<string, Fault[]>();
  public readonly requests: { readonly path: string; readonly headers: http.IncomingHttpHeaders }[] = [];
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public requestsOf(path: string) {
    return this.requests.filter((request) => request.path === `/${path}`);
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = decodeURIComponent(request.url!);
    this.requests.push({ path, headers: request.headers });
    if (path.startsWith("/latest/")) return this.answerMetadata(path, request, response);
    if (
      !/^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/eu-west-1\/s3\/aws4_request, /.test(request.headers.authorization!)
    ) {
      response.writeHead(403).end("<Code>AccessDenied</Code>");
      return;
    }
    if (request.method === "PUT") return this.store(path.slice(1).replace(/\?.*$/, ""), request, response);
    const fault = this.faults.get(path.slice(1).replace(/\?.*$/, ""))?.shift() ?? {};
    const whole = fault.body ?? this.objects.get(path.slice(1).replace(/\?.*$/, ""));
    if (fault.status !== undefined || whole === undefined) {
      response.writeHead(fault.status ?? 404).end(fault.body ?? `<Code>Refused${fault.status ?? 404}</Code>`);
      return;
    }
    this.answerObject(whole, fault, request, response);
  }

  private store(key: string, request: http.IncomingMessage, response: http.ServerResponse): void {
    const { status } = this.faults.get(key)?.shift() ?? {};
    if (status !== undefined) {
      request.resume();
      response.writeHead(status).end(`<Error><Code>Refused${status}</Code></Error>`);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.objects.set(key, Buffer.concat(chunks));
      response.setHeader("etag", '"written"').end();
    });
  }

  private answerObject(
    whole: Buffer,
    fault: Fault,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): void {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (start >= whole.length && start > 0) {
      response.writeHead(416).end();
      return;
    }
    const rest = whole.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": rest.length,
      "x-amz-version-id": "version-1",
      etag: '"read"',
      "last-modified": new Date(Date.now() - AGE_SECONDS * 1000).toUTCString(),
      ...(start > 0 ? { "content-range": `bytes ${start}-${whole.length - 1}/${whole.length}` } : {}),
    });
    if (fault.cutAfter === undefined) response.end(rest);
    else response.write(rest.subarray(0, fault.cutAfter), () => response.destroy());
  }

  private answerMetadata(path: string, request: http.IncomingMessage, response: http.ServerResponse): void {
    if (path === "/latest/api/token" && request.method === "PUT") response.end("TOKEN");
    else if (request.headers["x-aws-ec2-metadata-token"] !== "TOKEN") response.writeHead(401).end();
    else if (path.endsWith("/security-credentials/")) response.end("role-of-the-node");
    else response.end(JSON.stringify(CREDENTIALS));
  }
}
