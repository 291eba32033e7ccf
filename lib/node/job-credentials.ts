import type { JobCredentialsSpec } from "./desired-state";
import { JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE, JOB_CREDENTIALS_TOKEN_FILE } from "./paths";

/** Path of the one thing that the agent serves. */
export const JOB_CREDENTIALS_PATH = "/job-credentials";
/** The variable of AWS's SDKs that holds the token itself. */
export const TOKEN_VARIABLE = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/** What AWS's SDKs in a process of Flink, a job's own among them, find in its environment. */
export function jobCredentialsEnvironment(spec: JobCredentialsSpec): Readonly<Record<string, string>> {
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${spec.port}${JOB_CREDENTIALS_PATH}`,
    [`${TOKEN_VARIABLE}_FILE`]: JOB_CREDENTIALS_TOKEN_FILE,
    // It would be refused: without this a client tries it for seconds before it says what is wrong.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/**
 * Files from which systemd adds to the environment: for Flink 1.20 alone, whose S3 plugins hold AWS SDK 1.12.319,
 * which does not know the token's file. Those of 2.2 and 2.3 hold 1.12.779, which does.
 */
export function jobCredentialsEnvironmentFiles(flinkVersion: string): readonly string[] {
  return flinkVersion.startsWith("1.") ? [JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE] : [];
}
