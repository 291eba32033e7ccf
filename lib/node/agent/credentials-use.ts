import { JOB_CREDENTIALS } from "../job-credentials";
import { LOG_CREDENTIALS } from "../logs/log-credentials";
import { METRICS_CREDENTIALS } from "../metrics/metrics-credentials";
import { JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE } from "../paths";
import type { ServedCredentials } from "../served-credentials";
import { FLINK_GROUP, LOGS_USER, METRICS_USER } from "../users";

/** For whom the agent serves the credentials of a role. */
export interface CredentialsUse extends ServedCredentials {
  /** As sentences call them, in the plural. */
  readonly holders: string;
  /** Who may read the token. */
  readonly group: string;
  /** The token once more, as an assignment for systemd, root's alone; absent where no process needs it so. */
  readonly tokenEnvironmentFile?: string;
}

export const CREDENTIALS_OF_JOBS: CredentialsUse = {
  ...JOB_CREDENTIALS,
  holders: "jobs",
  group: FLINK_GROUP,
  tokenEnvironmentFile: JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE,
};

export const CREDENTIALS_OF_LOG_SHIPPERS: CredentialsUse = {
  ...LOG_CREDENTIALS,
  holders: "log shippers",
  group: LOGS_USER,
};

export const CREDENTIALS_OF_METRICS_SHIPPERS: CredentialsUse = {
  ...METRICS_CREDENTIALS,
  holders: "metrics shippers",
  group: METRICS_USER,
};
