import {
  CONNECTION_CREDENTIALS,
  CONNECTIONS,
  FLINK_CONF,
  FLINK_DATA,
  JOB_CREDENTIALS_TOKEN_FILE,
  ZOOKEEPER_CONF,
  ZOOKEEPER_DATA,
} from "./paths";
import { TLS } from "./tls-paths";

/** What none of the programs that ship logs or metrics has any business with. */
export const HIDDEN_FROM_SHIPPING: readonly string[] = [
  ...[FLINK_DATA, FLINK_CONF, ZOOKEEPER_DATA, ZOOKEEPER_CONF, TLS],
  ...[CONNECTIONS, CONNECTION_CREDENTIALS, JOB_CREDENTIALS_TOKEN_FILE],
];
