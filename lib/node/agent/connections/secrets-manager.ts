import { createHash, createHmac, Hash, Hmac } from "crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { HttpRequest } from "@smithy/types";
import type { CredentialsSource } from "../credentials-server";
import { bounded } from "../machine-client";

/** Who reads secrets; each call ends within a bound. */
export interface SecretReader {
  /** The text of a secret as it is now. */
  read(secretArn: string): Promise<string>;
}

export interface SecretsManagerOptions {
  readonly region: string;
  /** Such as `https://secretsmanager.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** Of the role that may read them: the jobs', never the machine's own. */
  readonly credentials: CredentialsSource;
}

const SERVICE = "secretsmanager";
/** The first ones of the role may be on their way. */
const PATIENCE_MILLIS = 10_000;

/**
 * AWS Secrets Manager, called directly, as AWS Private CA is: one call is used, and every node fetches the agent with all
 * that is in it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export class SecretsManager implements SecretReader {
  public constructor(private readonly options: SecretsManagerOptions) {}

  public async read(secretArn: string): Promise<string> {
    const { SecretString } = await this.call("GetSecretValue", { SecretId: secretArn });
    if (typeof SecretString !== "string") throw new Error("its secret holds bytes: store it as a text");
    return SecretString;
  }

  private async call(action: string, parameters: object): Promise<Readonly<Record<string, unknown>>> {
    const { endpoint, region } = this.options;
    const credentials = await this.options.credentials.get(PATIENCE_MILLIS);
    if (!credentials) throw new Error("there are no credentials of the role of jobs to read its secret with");
    const { protocol, hostname, port, host } = new URL(endpoint);
    const body = JSON.stringify(parameters);
    const request: HttpRequest = {
      method: "POST",
      protocol,
      hostname,
      ...(port === "" ? {} : { port: Number(port) }),
      path: "/",
      query: {},
      headers: { host, "content-type": "application/x-amz-json-1.1", "x-amz-target": `${SERVICE}.${action}` },
      body,
    };
    const { headers } = await new SignatureV4({ service: SERVICE, region, credentials, sha256: Sha256 }).sign(request);
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "host")),
      body,
      signal: bounded().abortSignal,
    });
    const text = await answer.text();
    const found = parseAnswer(text);
    if (!answer.ok) throw refusal(answer.status, found);
    if (!found) throw new Error(`the answer of HTTP ${answer.status} is not one of Secrets Manager`);
    return found;
  }
}

/** Nothing where it is no JSON object: what stands between may answer anything. */
function parseAnswer(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** With the service's own code, such as `AccessDeniedException`. */
function refusal(status: number, answer: Readonly<Record<string, unknown>> = {}): Error {
  const [code, ...texts] = [answer.__type, answer.message, answer.Message].map((each) =>
    typeof each === "string" ? each : undefined,
  );
  const error = new Error(texts.find((text) => text !== undefined) ?? `HTTP ${status} from Secrets Manager`);
  if (code !== undefined) error.name = code.split("#").at(-1)!;
  return error;
}

/** SHA-256 as the signer wants it. */
class Sha256 {
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
