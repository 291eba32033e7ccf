import { randomUUID } from "crypto";
import { Agent, IncomingMessage, request } from "http";

/** What `ListSecrets` says of each. */
export interface ListedSecret {
  readonly ARN: string;
  readonly Name: string;
  /** Absent where the account's own key of the service encrypts it. */
  readonly KmsKeyId?: string;
}

/** AWS Secrets Manager of the emulator, as its administrator. */
export class SecretsManager {
  public constructor(
    private readonly region: string,
    private readonly accessKeyId: string,
    private readonly agent: Agent,
  ) {}

  public async list(): Promise<ListedSecret[]> {
    const found: ListedSecret[] = [];
    let token: string | undefined;
    do {
      const page = await this.call<{ SecretList: ListedSecret[]; NextToken?: string }>("ListSecrets", {
        ...(token !== undefined && { NextToken: token }),
      });
      found.push(...page.SecretList);
      token = page.NextToken;
    } while (token);
    return found;
  }

  /** The policy of a secret, as text; undefined where it has none. */
  public async policy(secretId: string): Promise<string | undefined> {
    const answer = await this.call<{ ResourcePolicy?: string }>("GetResourcePolicy", { SecretId: secretId });
    return answer.ResourcePolicy;
  }

  /** Gives a secret another value. */
  public async putValue(secretId: string, value: string): Promise<void> {
    await this.call("PutSecretValue", {
      ...{ SecretId: secretId, SecretString: value, ClientRequestToken: randomUUID() },
    });
  }

  /** An error has the name that the service gives it. */
  private async call<T>(action: string, parameters: object): Promise<T> {
    const body = JSON.stringify(parameters);
    const host = `secretsmanager.${this.region}.amazonaws.com`;
    const scope = `${this.accessKeyId}/20260101/${this.region}/secretsmanager/aws4_request`;
    const headers = {
      host,
      "content-type": "application/x-amz-json-1.1",
      "content-length": Buffer.byteLength(body),
      "x-amz-target": `secretsmanager.${action}`,
      // The emulator checks no signature, but takes the service from its scope.
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request({ agent: this.agent, host, method: "POST", path: "/", headers }, resolve);
      call.on("error", reject).end(body);
    });
    let text = "";
    for await (const part of answer.setEncoding("utf8")) text += part as string;
    return read<T>(action, answer.statusCode ?? 0, text);
  }
}

function read<T>(action: string, status: number, text: string): T {
  if (status === 200) return JSON.parse(text) as T;
  const { __type: name, message } = JSON.parse(text) as { readonly __type?: string; readonly message?: string };
  const error = new Error(`${action} of Secrets Manager: ${message ?? text}`);
  if (name !== undefined) error.name = name;
  throw error;
}
