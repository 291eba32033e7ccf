import type { AwsCredentialIdentity } from "@smithy/types";

/** Of the function's own role: Lambda sets them anew for each environment that it runs in. */
export function roleCredentials(environment: NodeJS.ProcessEnv = process.env): AwsCredentialIdentity {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = environment;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}
