import { request } from "http";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { readBounded } from "../agent/bounded-read";
import { readIfThere } from "../agent/files";
import { NotDelivered } from "./not-delivered";

/** What AWS's SDKs find in their environment where credentials are a container's, as the agent serves them. */
export type CredentialsEnvironment = Readonly<
  Partial<Record<"AWS_CONTAINER_CREDENTIALS_FULL_URI" | "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", string>>
>;

const TIMEOUT_MILLIS = 5_000;
const LARGEST_ANSWER = 64 << 10;
/** As AWS's SDKs have it: asked for anew so long before they end. */
const RENEWED_BEFORE_MILLIS = 5 * 60_000;

/**
 * Credentials of the logs role, from the agent and from nowhere else. The SDK's own provider brings a second client of HTTP
 * with it, for one request of a few lines.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function logsRoleCredentials(environment: CredentialsEnvironment): Provider<AwsCredentialIdentity> {
  let current: AwsCredentialIdentity | undefined;
  return async () => {
    if (current && remaining(current) > RENEWED_BEFORE_MILLIS) return current;
    try {
      return (current = await ask(environment));
    } catch (error) {
      if (current && remaining(current) > 0) return current;
      throw new NotDelivered(`there are no credentials of the logs role: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
}

function remaining({ expiration }: AwsCredentialIdentity): number {
  return (expiration?.getTime() ?? 0) - Date.now();
}

async function ask(environment: CredentialsEnvironment): Promise<AwsCredentialIdentity> {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = "", AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file = "" } =
    environment;
  const token = (await readIfThere(file))?.toString() ?? "";
  const { status, text } = await get(url, token);
  if (status !== 200) throw new Error(`the agent answers HTTP ${status}`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(text) as Partial<Record<string, string>>;
  if (!AccessKeyId || !SecretAccessKey || !Token || !Expiration) throw new Error("the agent's answer holds none");
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: new Date(Expiration),
  };
}

function get(url: string, authorization: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    const asked = request(url, { headers: { authorization }, signal, agent: false }, (answer) => {
      readBounded(answer, LARGEST_ANSWER, "the answer").then(
        (body) => resolve({ status: answer.statusCode!, text: body.toString("utf8") }),
        reject,
      );
    });
    asked.once("error", reject).end();
  });
}
