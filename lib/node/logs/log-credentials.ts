import { LOG_CREDENTIALS_TOKEN_FILE } from "../paths";
import type { ServedCredentials } from "../served-credentials";

/** Those of the role of logs, which the exporter gets. */
export const LOG_CREDENTIALS: ServedCredentials = {
  path: "/log-credentials",
  tokenFile: LOG_CREDENTIALS_TOKEN_FILE,
};
