import { JOB_MANAGER_TLS, NODE_AUTHORITY } from "../../lib/node/tls-paths";
import { clientFiles } from "../../lib/software/client-files";

/** As whom a machine calls the REST API: paths of PEM files on that machine. */
export interface Credentials {
  /** What signed the nodes' certificates. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Where a user's machine keeps what `cdktf-flink certificate` wrote. */
export const CLIENT_CERTIFICATE_FOLDER = "/opt/flink-client-certificate";

const files = clientFiles(CLIENT_CERTIFICATE_FOLDER);

/** As an operator, from the user's own machine. */
export const AS_OPERATOR: Credentials = {
  authority: files.nodeAuthority,
  certificate: files.certificate,
  key: files.key,
};

/** As the JobManager of a node, which root on that node may do. */
export const AS_NODE: Credentials = {
  authority: NODE_AUTHORITY,
  certificate: JOB_MANAGER_TLS.pem,
  key: JOB_MANAGER_TLS.pem,
};
