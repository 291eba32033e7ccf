import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Plays a download site on loopback; tells what it was asked. */
export class HttpSite {
  public readonly requests: { readonly path: string; readonly range?: string }[] = [];
  private readonly handlers = new Map<string, Handler>();

  private constructor(private readonly server: Server) {}

  public static async start(): Promise<HttpSite> {
    const server = createServer((request, response) => site.answer(request, response));
    const site = new HttpSite(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  public url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  public on(path: string, handler: Handler): void {
    this.handlers.set(path, handler);
  }

  /** A file, with ranges as a good server does them. */
  public file(path: string, content: Buffer, etag = '"one"'): void {
    this.on(path, (request, response) => sendFile(request, response, content, etag));
  }

  public asked(path: string): readonly (string | undefined)[] {
    return this.requests.filter((request) => request.path === path).map((request) => request.range);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    this.requests.push({ path, range: request.headers.range });
    const handler = this.handlers.get(path);
    if (handler) handler(request, response, this.asked(path).length);
    else response.writeHead(404).end();
  }
}

export function sendFile(request: IncomingMessage, response: ServerResponse, content: Buffer, etag: string): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const continues = start > 0 && request.headers["if-range"] === etag;
  const rest = continues ? content.subarray(start) : content;
  response.writeHead(continues ? 206 : 200, {
    etag,
    "content-length": rest.length,
    ...(continues ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  });
  response.end(rest);
}

/** Sends so many bytes of the file and then drops the connection. */
export function sendAndCut(response: ServerResponse, content: Buffer, bytes: number, etag = '"one"'): void {
  response.writeHead(200, { etag, "content-length": content.length });
  response.write(content.subarray(0, bytes), () => response.destroy());
}
