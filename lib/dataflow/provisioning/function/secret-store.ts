import { randomUUID } from "node:crypto";
import type { AwsCredentialIdentity } from "@smithy/types";
import { callAwsJson } from "../../../core/aws-json-call";
import { NOT_REACHED, ProvisioningProblem } from "./problem";

/** Where names and passwords are kept. */
export interface SecretStore {
  /** The text of a secret; nothing of one that has no value yet. */
  read(secretArn: string): Promise<string | undefined>;
  write(secretArn: string, text: string): Promise<void>;
}

export interface SecretsManagerStoreOptions {
  readonly region: string;
  /** Such as `https://secretsmanager.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** Of the function's own role. */
  readonly credentials: AwsCredentialIdentity;
}

const SERVICE = "secretsmanager";
const PATIENCE_MILLIS = 10_000;
/** Of a secret that is there and holds nothing. */
const NO_VALUE = "ResourceNotFoundException";

/** AWS Secrets Manager, of which two calls are used. */
export class SecretsManagerStore implements SecretStore {
  public constructor(private readonly options: SecretsManagerStoreOptions) {}

  public async read(secretArn: string): Promise<string | undefined> {
    const body = await this.call("GetSecretValue", { SecretId: secretArn }, [NO_VALUE]);
    return typeof body?.SecretString === "string" ? body.SecretString : undefined;
  }

  public async write(secretArn: string, text: string): Promise<void> {
    // Whoever calls without AWS's own client names each version himself.
    await this.call("PutSecretValue", { SecretId: secretArn, SecretString: text, ClientRequestToken: randomUUID() });
  }

  /** What is answered; nothing where it is one of the refusals named. */
  private async call(
    action: string,
    parameters: { readonly SecretId: string; readonly [name: string]: string },
    expected: readonly string[] = [],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { region, endpoint, credentials } = this.options;
    const call = callAwsJson({
      ...{ service: SERVICE, region, endpoint, parameters, credentials },
      target: `${SERVICE}.${action}`,
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    const { status, body, code, message } = await call.catch((failure: Error) => {
      // Of what is not reached, the words of the network are those of the cause.
      const { message: said } = (failure.cause ?? failure) as Error;
      throw new ProvisioningProblem(`Secrets Manager at ${endpoint} is not reached: ${said}`, NOT_REACHED);
    });
    if (status === 200) return body;
    if (code !== undefined && expected.includes(code)) return undefined;
    const said = message ?? `HTTP ${status}`;
    throw new ProvisioningProblem(`${action} of the secret ${parameters.SecretId} was refused: ${said}`, code);
  }
}
