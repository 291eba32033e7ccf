import { createHash, createHmac, Hash, Hmac } from "crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, HttpRequest, Provider } from "@smithy/types";

/** A call of a service of AWS that speaks JSON (protocol `json-1.1`). */
export interface AwsJsonCall {
  /** As it is signed for, such as `acm-pca`. */
  readonly service: string;
  readonly region: string;
  /** Such as `https://acm-pca.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** What is asked, such as `ACMPrivateCA.GetCertificate`. */
  readonly target: string;
  readonly parameters: object;
  readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
  readonly signal: AbortSignal;
}

export interface AwsJsonAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** Absent where it is no JSON object: what stands between may answer anything. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Of a refusal, such as `AccessDeniedException`. */
  readonly code?: string;
  readonly message?: string;
}

/**
 * Calls a service directly: its client of the AWS SDK would bring a second copy of what all clients share, and every node
 * fetches the agent with all that is in it.
 */
export async function callAwsJson(call: AwsJsonCall): Promise<AwsJsonAnswer> {
  const { service, region, endpoint, credentials } = call;
  const { protocol, hostname, port, host } = new URL(endpoint);
  const body = JSON.stringify(call.parameters);
  const request: HttpRequest = {
    method: "POST",
    protocol,
    hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    path: "/",
    query: {},
    headers: { host, "content-type": "application/x-amz-json-1.1", "x-amz-target": call.target },
    body,
  };
  const { headers } = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign(request);
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "host")),
    body,
    signal: call.signal,
    // What is signed is for this endpoint alone.
    redirect: "error",
  });
  return read(answer.status, await answer.text());
}

function read(status: number, text: string): AwsJsonAnswer {
  const body = parseObject(text);
  const [type, message, Message] = [body?.__type, body?.message, body?.Message].map((each) =>
    typeof each === "string" ? each : undefined,
  );
  return { status, body, code: type?.split("#").at(-1), message: message ?? Message };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 as the signer wants it. */
export class Sha256 {
  private readonly hash: Hash | Hmac;

  public constructor(secret?: unknown) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Buffer);
  }

  public update(data: unknown): void {
    this.hash.update(data as Buffer);
  }

  public digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  public reset(): void {
    throw new Error("the signer makes a new one each time");
  }
}
