import { METRICS_CREDENTIALS_TOKEN_FILE } from "../paths";
import type { ServedCredentials } from "../served-credentials";

/** Those of the role of metrics, which Telegraf gets. */
export const METRICS_CREDENTIALS: ServedCredentials = {
  path: "/metrics-credentials",
  tokenFile: METRICS_CREDENTIALS_TOKEN_FILE,
};
