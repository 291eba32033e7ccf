import { GetInstanceProfileCommand, IAMClient, Role } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { randomBytes } from "crypto";
import { createServer, IncomingMessage, ServerResponse } from "http";
import { Account, Instance, interfaceOf, NetworkInterface } from "../account";
import { credentialsFor, CredentialsOffice } from "./service-credentials";

/** Seconds that role credentials live, as EC2 gives them. */
const CREDENTIALS_SECONDS = 6 * 3600;
/** EC2 has new ones ready well before the old ones end. */
const RENEWED_BEFORE_SECONDS = 300;
/** Who takes the role for a machine. */
const MACHINES_SERVICE = "ec2.amazonaws.com";
const LONGEST_TOKEN_SECONDS = 21_600;
const RUNNING = ["pending", "running"];
const VERSIONS = ["1.0", "2009-04-04", "2016-09-02", "2018-09-24", "2019-10-01", "2020-10-27", "2021-03-23", "latest"];

interface Caller {
  readonly instance: Instance;
  readonly network: NetworkInterface;
}

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** A folder of the metadata: names to texts, folders, or what is worked out when asked for. */
interface Folder {
  readonly [name: string]: string | Folder | (() => Promise<string>);
}

interface Credentials {
  readonly document: string;
  readonly expires: number;
}

/** The instance metadata service, version 1 and 2. Knows its callers by their source address. */
export class MetadataService {
  private readonly tokens = new Map<string, { readonly address: string; readonly expires: number }>();
  private readonly credentials = new Map<string, Promise<Credentials>>();

  public constructor(
    private readonly account: () => Account,
    private readonly iam: IAMClient,
    private readonly sts: STSClient,
    private readonly credentialsOffice: CredentialsOffice,
  ) {}

  public listen(address: string): Promise<void> {
    const server = createServer((request, response) => {
      this.answer(request).then(
        (answer) => send(response, answer),
        (error: Error) => send(response, { status: 500, body: `${error.message}\n` }),
      );
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(80, address, 1024, resolve);
    });
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const caller = this.callerAt(address);
    // Only a running instance has a metadata service.
    if (!caller || !caller.instance.metadata.enabled) return { status: 403 };
    if (request.method === "PUT") return this.issueToken(request, address);
    if (request.method !== "GET" && request.method !== "HEAD") return { status: 405 };

    const token = request.headers["x-aws-ec2-metadata-token"];
    if (typeof token === "string" ? !this.tokenHolds(token, address) : caller.instance.metadata.tokenRequired) {
      return { status: 401 };
    }
    return this.read(caller, request.url ?? "/");
  }

  private callerAt(address: string): Caller | undefined {
    const account = this.account();
    for (const instance of account.instances.filter((one) => RUNNING.includes(one.state))) {
      const network = interfaceOf(account, instance);
      if (network.address === address) return { instance, network };
    }
    return undefined;
  }

  private issueToken(request: IncomingMessage, address: string): Answer {
    if (request.url !== "/latest/api/token") return { status: 404 };
    // What went through a proxy is not the instance itself.
    if (request.headers["x-forwarded-for"]) return { status: 403 };
    const seconds = Number(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TOKEN_SECONDS) return { status: 400 };
    const token = randomBytes(40).toString("base64url");
    this.tokens.set(token, { address, expires: Date.now() + seconds * 1000 });
    return { status: 200, body: token, headers: { "x-aws-ec2-metadata-token-ttl-seconds": String(seconds) } };
  }

  private tokenHolds(token: string, address: string): boolean {
    const known = this.tokens.get(token);
    return known !== undefined && known.address === address && known.expires > Date.now();
  }

  private async read(caller: Caller, url: string): Promise<Answer> {
    const [version, kind, ...rest] = url.split("?")[0].split("/").filter(Boolean);
    if (!version) return { status: 200, body: VERSIONS.join("\n") };
    if (!VERSIONS.includes(version)) return { status: 404 };
    switch (kind) {
      case undefined:
        return { status: 200, body: "dynamic\nmeta-data\nuser-data" };
      case "user-data": {
        const { userData } = caller.instance;
        return userData ? { status: 200, body: Buffer.from(userData, "base64") } : { status: 404 };
      }
      case "dynamic":
        return this.walk(this.dynamic(caller), rest);
      case "meta-data":
        return this.walk(await this.metadata(caller), rest);
      default:
        return { status: 404 };
    }
  }

  private async walk(root: Folder, path: readonly string[]): Promise<Answer> {
    let entry: Folder[string] = root;
    for (const name of path) {
      if (typeof entry !== "object" || !Object.hasOwn(entry, name)) return { status: 404 };
      entry = entry[name];
    }
    if (typeof entry === "function") return { status: 200, body: await entry() };
    if (typeof entry === "string") return { status: 200, body: entry };
    const names = Object.entries(entry).map(([name, value]) => (typeof value === "object" ? `${name}/` : name));
    return { status: 200, body: names.join("\n") };
  }

  private dynamic({ instance, network }: Caller): Folder {
    const document = {
      accountId: instance.accountId,
      architecture: instance.architecture,
      availabilityZone: instance.zone,
      imageId: instance.imageId,
      instanceId: instance.id,
      instanceType: instance.type,
      privateIp: network.address,
      region: this.account().region,
      version: "2017-09-30",
    };
    return { "instance-identity": { document: JSON.stringify(document, undefined, 2) } };
  }

  private async metadata({ instance, network }: Caller): Promise<Folder> {
    const account = this.account();
    const hostName = `ip-${network.address.replace(/\./g, "-")}.${account.region}.compute.internal`;
    const subnet = account.subnets.find((one) => one.id === network.subnetId);
    const vpc = account.vpcs.find((one) => one.id === network.vpcId);
    const groupNames = network.groups.map((group) => group.name).join("\n");
    const role = await this.roleOf(instance);
    return {
      "ami-id": instance.imageId,
      "ami-launch-index": "0",
      hostname: hostName,
      "local-hostname": hostName,
      "instance-id": instance.id,
      "instance-life-cycle": "on-demand",
      "instance-type": instance.type,
      "local-ipv4": network.address,
      mac: network.mac,
      "reservation-id": "r-00000000000000000",
      "security-groups": groupNames,
      placement: { "availability-zone": instance.zone, region: account.region },
      services: { domain: "amazonaws.com", partition: "aws" },
      "block-device-mapping": { ami: "xvda", root: instance.rootDeviceName },
      network: {
        interfaces: {
          macs: {
            [network.mac]: {
              "device-number": "0",
              "interface-id": network.id,
              "local-hostname": hostName,
              "local-ipv4s": network.address,
              mac: network.mac,
              "owner-id": instance.accountId,
              "security-group-ids": network.groups.map((group) => group.id).join("\n"),
              "security-groups": groupNames,
              "subnet-id": network.subnetId,
              "subnet-ipv4-cidr-block": subnet?.cidr ?? "",
              "vpc-id": network.vpcId,
              "vpc-ipv4-cidr-block": vpc?.cidr ?? "",
              "vpc-ipv4-cidr-blocks": vpc?.cidr ?? "",
            },
          },
        },
      },
      ...(instance.metadata.tags && { tags: { instance: instance.tags } }),
      ...(role && {
        iam: {
          info: JSON.stringify({
            Code: "Success",
            InstanceProfileArn: instance.profileArn,
            InstanceProfileId: instance.profileId ?? "",
          }),
          "security-credentials": {
            [role.RoleName!]: async () => (await this.credentialsOf(instance, network, role)).document,
          },
        },
      }),
    };
  }

  private async roleOf(instance: Instance): Promise<Role | undefined> {
    if (!instance.profileArn) return undefined;
    const name = instance.profileArn.split("/").pop();
    const answer = await this.iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
    return answer.InstanceProfile?.Roles?.[0];
  }

  private async credentialsOf(instance: Instance, network: NetworkInterface, role: Role): Promise<Credentials> {
    const key = `${instance.id} ${role.RoleName}`;
    const known = await this.credentials.get(key)?.catch(() => undefined);
    if (known && known.expires - RENEWED_BEFORE_SECONDS * 1000 > Date.now()) return known;
    const asked = this.assume(instance, network, role);
    this.credentials.set(key, asked);
    return asked;
  }

  private async assume(instance: Instance, network: NetworkInterface, role: Role): Promise<Credentials> {
    const machine = { id: instance.id, vpcId: network.vpcId, address: network.address };
    const asked = {
      // The session is named after the instance, as EC2 does it: logs and policies see who called.
      ...{ service: MACHINES_SERVICE, roleArn: role.Arn!, sessionName: instance.id },
      ...{ seconds: CREDENTIALS_SECONDS, runs: { instance: machine } },
    };
    const given = await credentialsFor(asked, this.sts, this.credentialsOffice);
    // As EC2 says it: no error, but no credentials either (IAM User Guide, "Troubleshoot IAM roles").
    if ("refused" in given) {
      const refused = { Code: "AssumeRoleUnauthorizedAccess", Message: given.refused.reason };
      return { document: JSON.stringify(refused, undefined, 2), expires: 0 };
    }
    const { accessKeyId, secretAccessKey, sessionToken, expires } = given.key;
    const seconds = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
    const document = {
      Code: "Success",
      LastUpdated: seconds(Date.now()),
      Type: "AWS-HMAC",
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: seconds(expires),
    };
    return { document: JSON.stringify(document, undefined, 2), expires };
  }
}

function send(response: ServerResponse, { status, body = "", headers }: Answer): void {
  const bytes = Buffer.from(body as string);
  const type = typeof body === "string" ? "text/plain" : "application/octet-stream";
  response.writeHead(status, { "content-type": type, "content-length": bytes.length, server: "EC2ws", ...headers });
  response.end(bytes);
}
