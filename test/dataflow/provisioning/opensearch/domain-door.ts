import { createServer, Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuthority, Issuer } from "../../../lab/authority";
import type { IssuedKey } from "../../../lab/judge/principals";
import { signatureProblem } from "../../../lab/judge/signature";
import { headersOf } from "./loopback-opensearch";

const HOST = "localhost";
const ACCESS_KEY_ID = /Credential=([^/]+)\/\d{8}\/eu-west-1\/es\//;

/**
 * The door of a domain of Amazon OpenSearch Service: TLS, and a signature for that service and region, which it verifies, in
 * place of a login. Behind it is an OpenSearch that is told who called.
 */
export class DomainDoor {
  public static async start(
    behind: string,
    roleArn: string,
    issued: ReadonlyMap<string, IssuedKey>,
  ): Promise<DomainDoor> {
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    const door = new DomainDoor(authority.certificate, { key, cert: certificate }, { behind, roleArn, issued });
    await new Promise<void>((resolve) => door.server.listen(0, "127.0.0.1", resolve));
    return door;
  }

  /** Methods and paths of what was let in. */
  public readonly calls: string[] = [];
  private readonly server: Server;

  private constructor(
    /** PEM of what signed its certificate. */
    public readonly authority: string,
    tls: { readonly key: string; readonly cert: string },
    private readonly props: {
      readonly behind: string;
      readonly roleArn: string;
      readonly issued: ReadonlyMap<string, IssuedKey>;
    },
  ) {
    this.server = createServer(tls, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => void this.answer(request, Buffer.concat(chunks), response));
    });
  }

  public get url(): string {
    return `https://${HOST}:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const problem = await this.problemOf(request, body);
    if (problem !== undefined) {
      response.writeHead(403).end(JSON.stringify({ message: problem }));
      return;
    }
    const { method, url = "" } = request;
    this.calls.push(`${method} ${url}`);
    const answer = await fetch(`${this.props.behind}${url}`, {
      method,
      headers: { ...headersOf(this.props.roleArn), ...(body.length > 0 ? { "content-type": "application/json" } : {}) },
      body: body.length > 0 ? body : undefined,
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  }

  private async problemOf(
    { method = "", url = "", headers }: IncomingMessage,
    body: Buffer,
  ): Promise<string | undefined> {
    const [, accessKeyId = ""] = ACCESS_KEY_ID.exec(headers.authorization ?? "") ?? [];
    const key = this.props.issued.get(accessKeyId);
    if (key === undefined) return "The security token included in the request is invalid.";
    const call = {
      from: "127.0.0.1",
      tls: true,
      host: headers.host ?? "",
      method,
      headers,
      service: "es",
      action: method,
    };
    return signatureProblem({ ...call, path: encodedTwice(url), body }, key);
  }
}

/** But for S3, the signature is over a path that is encoded once more than it is sent. */
function encodedTwice(url: string): string {
  const [path, ...query] = url.split("?");
  return [path.split("/").map(encodeURIComponent).join("/"), ...query].join("?");
}
