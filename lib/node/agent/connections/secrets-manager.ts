import { callAwsJson } from "../../../core/aws-json-call";
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
  /** Of the role that may read them, never the machine's own. */
  readonly credentials: CredentialsSource;
  /** Whose role that is, as sentences call them, in the plural. */
  readonly holders: string;
}

const SERVICE = "secretsmanager";
/** The first ones of the role may be on their way. */
const PATIENCE_MILLIS = 10_000;

/**
 * AWS Secrets Manager, of which one call is used.
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
    const { endpoint, region, holders } = this.options;
    const credentials = await this.options.credentials.get(PATIENCE_MILLIS);
    if (!credentials) throw new Error(`there are no credentials of the role of ${holders} to read its secret with`);
    const { status, body, code, message } = await callAwsJson({
      service: SERVICE,
      region,
      endpoint,
      target: `${SERVICE}.${action}`,
      parameters,
      credentials,
      signal: bounded().abortSignal,
    });
    if (status !== 200) {
      throw Object.assign(new Error(message ?? `HTTP ${status} from Secrets Manager`), code && { name: code });
    }
    if (!body) throw new Error(`the answer of HTTP ${status} is not one of Secrets Manager`);
    return body;
  }
}
