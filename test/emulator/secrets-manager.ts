import { randomUUID } from "crypto";
import { callEmulator, PlainCaller } from "./plain-call";

/** What `ListSecrets` says of each. */
export interface ListedSecret {
  readonly ARN: string;
  readonly Name: string;
  /** Absent where the account's own key of the service encrypts it. */
  readonly KmsKeyId?: string;
}

/** AWS Secrets Manager of the emulator, as its administrator. */
export class SecretsManager {
  public constructor(private readonly caller: PlainCaller) {}

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

  /** The value of a secret; undefined where it has none. */
  public async value(secretId: string): Promise<string | undefined> {
    try {
      return (await this.call<{ SecretString?: string }>("GetSecretValue", { SecretId: secretId })).SecretString;
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  /** Gives a secret another value. */
  public async putValue(secretId: string, value: string): Promise<void> {
    await this.call("PutSecretValue", {
      ...{ SecretId: secretId, SecretString: value, ClientRequestToken: randomUUID() },
    });
  }

  /** An error has the name that the service gives it. */
  private async call<T>(action: string, parameters: object): Promise<T> {
    const { status, text } = await callEmulator(this.caller, {
      ...{ service: "secretsmanager", path: "/", body: JSON.stringify(parameters) },
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${action}` },
    });
    return read<T>(action, status, text);
  }
}

function read<T>(action: string, status: number, text: string): T {
  if (status === 200) return JSON.parse(text) as T;
  const { __type: name, message } = JSON.parse(text) as { readonly __type?: string; readonly message?: string };
  const error = new Error(`${action} of Secrets Manager: ${message ?? text}`);
  if (name !== undefined) error.name = name;
  throw error;
}
