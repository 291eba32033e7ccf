import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PlayedVersions } from "./played-versions";

/** What a service answers, in its own form. */
export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Service = "s3" | "resource-groups" | "sts" | "kms";

const XML = { "content-type": "application/xml" };
const JSON_TYPE = { "content-type": "application/json" };

/** Plays on loopback the services of AWS that the command line asks: one account, one region, one bucket. */
export class PlayedAws {
  /** The texts in the bucket, by their keys. */
  public readonly objects = new Map<string, string>();
  /** Of a versioned bucket, in place of `objects`; by its name. */
  public readonly versions = new Map<string, PlayedVersions>();
  /** Tags of resource groups, by their names. */
  public readonly groups = new Map<string, Readonly<Record<string, string>>>();
  /** How old the objects are. */
  public ageSeconds = 0;
  /** What a service answers whatever it is asked. */
  public readonly failures = new Map<Service, Reply>();
  /** `service method path` of each request. */
  public readonly asked: string[] = [];

  private constructor(private readonly server: Server) {}

  public static async start(): Promise<PlayedAws> {
    const server = createServer((request, response) => played.receive(request, response));
    const played = new PlayedAws(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return played;
  }

  /** With which the command line asks it, as somebody of its account. */
  public get environment(): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "AKIAPLAYEDPLAYEDPLAY",
      AWS_SECRET_ACCESS_KEY: "played",
      AWS_CONFIG_FILE: "none",
      AWS_SHARED_CREDENTIALS_FILE: "none",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  public reset(): void {
    for (const each of [this.objects, this.versions, this.groups, this.failures]) each.clear();
    this.asked.length = 0;
    this.ageSeconds = 0;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const service = serviceOf(request);
      this.asked.push(`${service} ${request.method} ${request.url}`);
      const reply = this.failures.get(service) ?? this.reply(service, request, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(reply.status, { date: new Date().toUTCString(), ...reply.headers }).end(reply.body);
    });
  }

  private reply(service: Service, request: IncomingMessage, body: string): Reply {
    switch (service) {
      case "s3":
        return this.s3(request.method!, new URL(request.url!, "http://localhost"), body);
      case "resource-groups":
        return this.resourceGroups(decodeURIComponent(request.url!), body);
      case "sts":
        return {
          status: 200,
          headers: XML,
          body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
        };
      case "kms":
        return jsonError(400, "NotFoundException", "Alias is not found.");
    }
  }

  private s3(method: string, url: URL, body: string): Reply {
    const [, bucket, ...rest] = url.pathname.split("/");
    const versioned = this.versions.get(bucket);
    if (versioned) return versioned.answer(method, url, body);
    const key = decodeURIComponent(rest.join("/"));
    if (key === "") {
      const prefix = url.searchParams.get("prefix") ?? "";
      const keys = [...this.objects.keys()].filter((each) => each.startsWith(prefix));
      const contents = keys.map((each) => `<Contents><Key>${each}</Key></Contents>`).join("");
      return { status: 200, headers: XML, body: `<ListBucketResult>${contents}</ListBucketResult>` };
    }
    const text = this.objects.get(key);
    if (text === undefined) return xmlError(404, "NoSuchKey", "The specified key does not exist.");
    const written = new Date(Date.now() - this.ageSeconds * 1000).toUTCString();
    return { status: 200, headers: { etag: '"one"', "last-modified": written }, body: text };
  }

  private resourceGroups(url: string, body: string): Reply {
    if (url.startsWith("/groups-list")) {
      const identifiers = [...this.groups.keys()].map((GroupName) => ({ GroupName }));
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ GroupIdentifiers: identifiers }) };
    }
    const named =
      url === "/get-group" ? (JSON.parse(body) as { Group: string }).Group : /group\/(.+)\/tags$/.exec(url)?.[1];
    const tags = this.groups.get(named ?? "");
    if (!named || !tags) return jsonError(404, "NotFoundException", "Cannot find group");
    const arn = `arn:aws:resource-groups:eu-west-1:111122223333:group/${named}`;
    const answer = url === "/get-group" ? { Group: { GroupArn: arn, Name: named } } : { Arn: arn, Tags: tags };
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(answer) };
  }
}

/** An error as S3 tells it. */
export function xmlError(status: number, code: string, message: string): Reply {
  return { status, headers: XML, body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

/** An error as a service of a JSON protocol tells it. */
export function jsonError(status: number, type: string, message: string): Reply {
  return {
    status,
    headers: { ...JSON_TYPE, "x-amzn-errortype": type },
    body: JSON.stringify({ __type: type, Message: message, message }),
  };
}

/** Each request is signed for one service, which stands in the signature's scope. */
function serviceOf(request: IncomingMessage): Service {
  const [, service = "none"] =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  return service as Service;
}
