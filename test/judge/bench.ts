import { SignatureV4 } from "@smithy/signature-v4";
import { CheckpointBucket, FlinkNetwork } from "../../lib";
import { cluster } from "../cluster/support";
import { ApiCall, Verdict } from "../lab/fabric/api-call";
import { AccountJudge, PolicySource } from "../lab/judge/judge";
import { AccountPolicies } from "../lab/judge/policies";
import { NOTHING_PLAYED, Played } from "../lab/judge/played";
import { IssuedKey } from "../lab/judge/principals";
import { Sha256 } from "../node/support/sha256";
import { ACCOUNT, policiesOf, REGION, SynthesizedAccount } from "./synthesized-account";

/** The policies of a cluster with everything at its defaults. */
export function clusterPolicies(): SynthesizedAccount {
  return policiesOf((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints");
    cluster(stack, { clusterName: "orders", network, checkpointBucket });
  });
}

export type Who = "machine" | "job" | "logs" | "metrics" | "flow-logs" | "provisioner" | "operator";

/** A call as a test writes it down. */
export interface Sent {
  readonly method?: string;
  /** With its query. */
  readonly path?: string;
  readonly bucket?: string;
  readonly service?: string;
  /** Name that it is sent to; that of the service in the region where nothing is said. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Address that it comes from; that of a node of the network where nothing is said. */
  readonly from?: string;
  /** Address that it comes to; that of the right endpoint where nothing is said. */
  readonly to?: string;
  /** Over TLS where nothing is said. */
  readonly tls?: boolean;
}

const CREDENTIALS_SECONDS = 3600;
const NODE_ADDRESS = "10.40.0.10";

/** A judge with the policies of an account, and callers with credentials of its roles. */
export class Bench implements PolicySource {
  public readonly judge = new AccountJudge(
    this,
    () => this.policies.vpcs,
    () => this.now(),
    () => this.played,
  );
  /** What policies ask about and that is no policy. */
  public played: Played = NOTHING_PLAYED;
  /** The clock of AWS. */
  public now: () => number = Date.now;
  public reads = 0;
  private readonly keys = new Map<string, IssuedKey>();

  public constructor(public policies: SynthesizedAccount = clusterPolicies()) {}

  public async current(): Promise<AccountPolicies> {
    return this.policies;
  }

  public invalidate(): void {
    this.reads++;
  }

  public roleNamed(who: Who): string {
    const patterns: Record<Who, RegExp> = {
      ...{ machine: /^flink-role-[0-9a-f]+$/, job: /^flink-role-job-/, "flow-logs": /^network-flowlogs-/ },
      ...{ logs: /^flink-logs-/, metrics: /^flink-metrics-/ },
      ...{ provisioner: /-provisioner-role-[0-9a-f]+$/, operator: /^operators$/ },
    };
    const names = this.policies.roles.map(({ name }) => name).filter((name) => patterns[who].test(name));
    if (names.length !== 1) throw new Error(`${names.length} roles of ${who}`);
    return names[0];
  }

  public get bucket(): string {
    return this.policies.buckets[0].name;
  }

  /** The call by which somebody takes a role on. */
  public assume(role: Who): Sent {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${this.roleNamed(role)}`;
    return form("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "node-1" });
  }

  /** A call about an object of the cluster's bucket. */
  public object(method: string, path: string): Sent {
    return { method, bucket: this.bucket, path };
  }

  /** The ARN of the key whose alias ends so; the bucket's own where nothing is said. */
  public key(aliasEnds?: string): string {
    if (aliasEnds === undefined) return this.policies.buckets[0].key!;
    return this.policies.keys.find(({ aliases }) => aliases.some((alias) => alias.endsWith(aliasEnds)))!.arn;
  }

  /** Credentials of a role, as the metadata service or STS hands them out. */
  public credentials(who: Who): IssuedKey {
    let key = this.keys.get(who);
    if (!key) {
      const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${this.roleNamed(who)}/i-1`;
      const id = who.toUpperCase();
      const instance = { id: "i-1", vpcId: this.policies.vpcs[0].id, address: NODE_ADDRESS };
      key = {
        ...{ accessKeyId: `ASIA${id}`, secretAccessKey: `secret of ${id}`, sessionToken: `token of ${id}` },
        expires: Date.now() + CREDENTIALS_SECONDS * 1000,
        session: { kind: "role session", sessionArn, ...(who === "machine" && { instance }) },
      };
      this.keys.set(who, key);
      this.judge.learn(key);
    }
    return key;
  }

  public async ask(who: Who, sent: Sent): Promise<Verdict> {
    return this.judge.judge(await this.call(this.credentials(who), sent));
  }

  /** One line: `allowed`, or who refuses what. */
  public async outcome(who: Who, sent: Sent): Promise<string> {
    const verdict = await this.ask(who, sent);
    const no = verdict.decisions?.find(({ allowed }) => !allowed);
    if (verdict.allowed === (no !== undefined)) throw new Error("the verdict and its decisions contradict each other");
    return no ? `${no.layer}: ${no.action}` : "allowed";
  }

  /** A call, signed as every client signs it. */
  public async call(keys: Pick<IssuedKey, "accessKeyId" | "secretAccessKey" | "sessionToken">, sent: Sent) {
    const { service = "s3", method = "GET", path = "/", bucket, headers = {}, body, from = NODE_ADDRESS } = sent;
    const host = sent.host ?? `${bucket ? `${bucket}.` : ""}${service}.${REGION}.amazonaws.com`;
    const signer = new SignatureV4({
      ...{ service, region: REGION, sha256: Sha256, credentials: keys, uriEscapePath: service !== "s3" },
      applyChecksum: service === "s3",
    });
    const [pathname, search = ""] = path.split("?");
    const signed = await signer.sign({
      ...{ method, protocol: "https:", hostname: host, path: pathname, body },
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: { host, ...headers },
    });
    const call: ApiCall = {
      ...{
        from,
        tls: sent.tls ?? true,
        host,
        method,
        path,
        service,
        accessKeyId: keys.accessKeyId,
        headers: lowerCase(signed.headers),
      },
      to: sent.to ?? this.endpointAddress(service),
      action: actionOf(method, headers, body),
      ...(body !== undefined && { body: Buffer.from(body) }),
    };
    return call;
  }

  private endpointAddress(service: string): string {
    const endpoint = this.policies.endpoints.find((one) => one.service.endsWith(`.${service}`));
    return endpoint?.addresses[0] ?? "52.216.0.1";
  }
}

function actionOf(method: string, headers: Readonly<Record<string, string>>, body = ""): string {
  return headers["x-amz-target"]?.split(".").pop() ?? new URLSearchParams(body).get("Action") ?? method;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A call of KMS. */
export function kms(action: string, parameters: object): Sent {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` };
  return { service: "kms", method: "POST", headers, body: JSON.stringify(parameters) };
}

/** A call of Secrets Manager. */
export function secretsManager(action: string, parameters: object): Sent {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${action}` };
  return { service: "secretsmanager", method: "POST", headers, body: JSON.stringify(parameters) };
}

/** A call of Systems Manager. */
export function systemsManager(action: string, parameters: object): Sent {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AmazonSSM.${action}` };
  return { service: "ssm", method: "POST", headers, body: JSON.stringify(parameters) };
}

/** A call of a service that takes a form. */
export function form(service: string, parameters: Readonly<Record<string, string>>): Sent {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { service, method: "POST", headers, body: new URLSearchParams(parameters).toString() };
}
