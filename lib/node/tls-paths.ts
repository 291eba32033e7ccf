import { ETC } from "./paths";

/**
 * Keys and certificates, made by the agent. They lie on the root volume, which is encrypted and ends with the
 * machine: a private key never outlives the machine that it was born on.
 */
export const TLS = `${ETC}/tls`;

/** Certificate of the node authority, PEM: what ZooKeeper, and whoever calls a node, trusts. */
export const NODE_AUTHORITY = `${TLS}/node-authority.pem`;
/** The client authority as a trust anchor, PEM. */
export const CLIENT_AUTHORITY = `${TLS}/client-authority.pem`;
/** Trust store of Flink's internal ports: the node authority alone; type JKS. */
export const INTERNAL_TRUST_STORE = `${TLS}/internal-truststore.jks`;
/** Trust store of Flink's REST API: the node authority and the client authority; type JKS. */
export const REST_TRUST_STORE = `${TLS}/rest-truststore.jks`;
/** Of which authorities all of these are. */
export const AUTHORITIES_FILE = `${TLS}/authorities.json`;

/** The key pair of one process: only its own user and root may read it. */
export interface KeyPairFiles {
  readonly folder: string;
  /** Private key (PKCS #8, without a password), certificate and its authority, PEM. */
  readonly pem: string;
  /** The same as PKCS12, for processes that read no PEM. */
  readonly keyStore?: string;
}

/** The key pair of one of Flink's processes. */
export interface FlinkKeyPairFiles extends KeyPairFiles {
  readonly keyStore: string;
}

function keyPairFiles(process: string): KeyPairFiles {
  const folder = `${TLS}/${process}`;
  return { folder, pem: `${folder}/key-and-certificate.pem` };
}

function flinkKeyPairFiles(process: string): FlinkKeyPairFiles {
  const files = keyPairFiles(process);
  return { ...files, keyStore: `${files.folder}/keystore.p12` };
}

export const ZOOKEEPER_TLS = keyPairFiles("zookeeper");
export const JOB_MANAGER_TLS = flinkKeyPairFiles("jobmanager");
export const TASK_MANAGER_TLS = flinkKeyPairFiles("taskmanager");

/**
 * Password of all key stores, for Flink refuses to open one without. It is no secret: what keeps a key is the mode
 * of its file and the encryption of its disk, and whoever could read the file could read a password beside it.
 */
export const STORE_PASSWORD = "changeit";
