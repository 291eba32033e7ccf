import type { JobCredentialsSpec } from "./desired-state";
import { JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE, JOB_CREDENTIALS_TOKEN_FILE } from "./paths";
import { credentialsEnvironment, ServedCredentials } from "./served-credentials";

/** Those of the role of jobs, which Flink's processes get. */
export const JOB_CREDENTIALS: ServedCredentials = {
  path: "/job-credentials",
  tokenFile: JOB_CREDENTIALS_TOKEN_FILE,
};

/** What AWS's SDKs in a process of Flink, a job's own among them, find in its environment. */
export function jobCredentialsEnvironment(spec: JobCredentialsSpec): Readonly<Record<string, string>> {
  return credentialsEnvironment(JOB_CREDENTIALS, spec.port);
}

/**
 * Files from which systemd adds to the environment: for Flink 1.20 alone, whose S3 plugins hold AWS SDK 1.12.319,
 * which does not know the token's file. Those of 2.2 and 2.3 hold 1.12.779, which does.
 */
export function jobCredentialsEnvironmentFiles(flinkVersion: string): readonly string[] {
  return flinkVersion.startsWith("1.") ? [JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE] : [];
}
