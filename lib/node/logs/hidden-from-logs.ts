import {
  CONNECTION_CREDENTIALS,
  CONNECTIONS,
  FLINK_CONF,
  FLINK_DATA,
  JOB_CREDENTIALS_TOKEN_FILE,
  ZOOKEEPER_CONF,
  ZOOKEEPER_DATA,
} from "../paths";
import { TLS } from "../tls-paths";

/** What neither of the programs that ship logs has any business with. */
export const HIDDEN_FROM_LOGS: readonly string[] = [
  ...[FLINK_DATA, FLINK_CONF, ZOOKEEPER_DATA, ZOOKEEPER_CONF, TLS],
  ...[CONNECTIONS, CONNECTION_CREDENTIALS, JOB_CREDENTIALS_TOKEN_FILE],
];
