import { sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { authorityAlias } from "../../lib/core/x509/authority-names";
import type { LocalKey } from "../support/local-authority";

/** A question to Systems Manager. */
export interface SessionQuestion {
  readonly Target: string;
  readonly DocumentName: string;
  readonly Parameters: Record<string, string[]>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = "application/x-amz-json-1.1";

/** Plays what an operator's command line calls of AWS: objects of a bucket, two keys of KMS, machines, and sessions. */
export class AwsUnderTest {
  /** By their keys. */
  public readonly objects = new Map<string, string>();
  /** By their aliases. */
  public readonly keys = new Map<string, LocalKey>();
  /** Ids of machines that are found, whatever is looked for. */
  public machines: readonly string[] = [];
  /** Sessions that were begun. */
  public readonly sessions: SessionQuestion[] = [];
  /** What Systems Manager says of a machine. */
  public readonly refusals = new Map<string, string>();
  /** The last question to EC2. */
  public ec2Query = new URLSearchParams();
  private readonly server: Server;

  public constructor() {
    this.server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { status, type, body: answer } = this.answer(request, body);
        response.writeHead(status, { "content-type": type }).end(answer);
      });
    });
  }

  public async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What every tool of AWS reads. */
  public get environment(): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
    };
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Gives the two authorities of a cluster. */
  public keep(cluster: string, { node, client }: { readonly node: LocalKey; readonly client: LocalKey }): void {
    this.keys.set(authorityAlias("node", cluster), node).set(authorityAlias("client", cluster), client);
  }

  private answer({ headers, url = "", method }: IncomingMessage, body: string): Answer {
    const [service, action] = String(headers["x-amz-target"] ?? "").split(".");
    if (service === "TrentService") return this.kms(action, JSON.parse(body) as { KeyId: string; Message?: string });
    if (service === "AmazonSSM") return this.session(JSON.parse(body) as SessionQuestion);
    if (method === "POST") return this.ec2(new URLSearchParams(body));
    return this.s3(new URL(url, "http://x"));
  }

  private kms(action: string, { KeyId, Message }: { KeyId: string; Message?: string }): Answer {
    const key = this.keys.get(KeyId);
    if (!key) return problem("NotFoundException");
    if (action === "GetPublicKey") {
      return json({ PublicKey: key.publicKey.export({ type: "spki", format: "der" }).toString("base64") });
    }
    return json({ Signature: sign("sha256", Buffer.from(Message!, "base64"), key.privateKey).toString("base64") });
  }

  private session(question: SessionQuestion): Answer {
    const refusal = this.refusals.get(question.Target);
    if (refusal !== undefined) return problem(refusal);
    this.sessions.push(question);
    const SessionId = `operator-${this.sessions.length}`;
    return json({ SessionId, StreamUrl: "wss://stream.example", TokenValue: `token of ${SessionId}` });
  }

  private ec2(query: URLSearchParams): Answer {
    this.ec2Query = query;
    const items = this.machines.map(
      (id) => `<item><instancesSet><item><instanceId>${id}</instanceId></item></instancesSet></item>`,
    );
    const body = `<DescribeInstancesResponse><reservationSet>${items.join("")}</reservationSet></DescribeInstancesResponse>`;
    return { status: 200, type: "text/xml", body };
  }

  private s3({ pathname, searchParams }: URL): Answer {
    const xml = (status: number, body: string): Answer => ({ status, type: "application/xml", body });
    if (searchParams.get("list-type") === "2") {
      const found = [...this.objects.keys()].filter((key) => key.startsWith(searchParams.get("prefix") ?? ""));
      const prefix = searchParams.get("prefix") ?? "";
      const delimiter = searchParams.get("delimiter");
      const folders = found.flatMap((key) => {
        const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
        return end < 0 ? [] : [key.slice(0, end + 1)];
      });
      const contents = found
        .filter((key) => !folders.some((folder) => key.startsWith(folder)))
        .map((key) => `<Contents><Key>${key}</Key></Contents>`);
      const prefixes = [...new Set(folders)].map(
        (folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`,
      );
      return xml(200, `<ListBucketResult>${[...contents, ...prefixes].join("")}</ListBucketResult>`);
    }
    const object = this.objects.get(pathname.split("/").slice(2).join("/"));
    return object === undefined ? xml(404, "<Error><Code>NoSuchKey</Code></Error>") : xml(200, object);
  }
}

function json(value: object): Answer {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(value) };
}

function problem(name: string): Answer {
  return { status: 400, type: JSON_TYPE, body: JSON.stringify({ __type: name, message: `${name} of the test` }) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
