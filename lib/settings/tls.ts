import {
  FlinkKeyPairFiles,
  INTERNAL_TRUST_STORE,
  JOB_MANAGER_TLS,
  KeyPairFiles,
  NODE_AUTHORITY,
  REST_TRUST_STORE,
  STORE_PASSWORD,
  TASK_MANAGER_TLS,
} from "../node/tls-paths";

/** The least that any port takes. Flink takes one version only, and its shaded ZooKeeper client knows no newer one. */
export const TLS_PROTOCOL = "TLSv1.2";

/**
 * Forward secrecy and authenticated encryption, for RSA certificates. Set and not left to defaults, as older patches
 * of Flink by default use suites that newer patches of Java refuse.
 */
export const CIPHER_SUITES = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

type Entries = Readonly<Record<string, string>>;

/** What both of Flink's processes know of TLS: everything but whose key they hold. */
export function tlsConfiguration(): Entries {
  return {
    "security.ssl.protocol": TLS_PROTOCOL,
    "security.ssl.algorithms": CIPHER_SUITES,
    "security.ssl.internal.enabled": "true",
    ...trustStore("internal", INTERNAL_TRUST_STORE),
    ...keyStorePasswords("internal"),
    "security.ssl.rest.enabled": "true",
    "security.ssl.rest.authentication-enabled": "true",
    ...trustStore("rest", REST_TRUST_STORE),
    ...keyStorePasswords("rest"),
  };
}

/** The key store of the JobManager. */
export function jobManagerKeyStore(): Entries {
  return keyStores(JOB_MANAGER_TLS);
}

/** The key store of the TaskManager. */
export function taskManagerKeyStore(): Entries {
  return keyStores(TASK_MANAGER_TLS);
}

/**
 * Flags by which a process speaks to ZooKeeper over TLS: Flink has no options for it. The class is named without its
 * package, as Flink holds it under another one. PEM needs no password, which else would show among the flags.
 */
export function zooKeeperClientFlags({ pem }: KeyPairFiles): string {
  return [
    "-Dzookeeper.client.secure=true",
    "-Dzookeeper.clientCnxnSocket=ClientCnxnSocketNetty",
    `-Dzookeeper.ssl.keyStore.location=${pem}`,
    "-Dzookeeper.ssl.keyStore.type=PEM",
    `-Dzookeeper.ssl.trustStore.location=${NODE_AUTHORITY}`,
    "-Dzookeeper.ssl.trustStore.type=PEM",
    `-Dzookeeper.ssl.ciphersuites=${CIPHER_SUITES}`,
  ].join(" ");
}

/** TLS of `zoo.cfg`: clients and servers alike show a certificate of the node authority, and there is no plain port. */
export function zooKeeperServerTls({ pem }: KeyPairFiles): string[] {
  const of = (prefix: string): string[] => [
    `${prefix}.keyStore.location=${pem}`,
    `${prefix}.trustStore.location=${NODE_AUTHORITY}`,
    `${prefix}.protocol=${TLS_PROTOCOL}`,
    `${prefix}.enabledProtocols=${TLS_PROTOCOL}`,
    `${prefix}.ciphersuites=${CIPHER_SUITES}`,
    `${prefix}.clientAuth=need`,
  ];
  return [
    // The default one knows no TLS.
    "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
    ...of("ssl"),
    "sslQuorum=true",
    ...of("ssl.quorum"),
  ];
}

function keyStores({ keyStore }: FlinkKeyPairFiles): Entries {
  return { "security.ssl.internal.keystore": keyStore, "security.ssl.rest.keystore": keyStore };
}

function keyStorePasswords(kind: "internal" | "rest"): Entries {
  return {
    [`security.ssl.${kind}.keystore-type`]: "PKCS12",
    [`security.ssl.${kind}.keystore-password`]: STORE_PASSWORD,
    [`security.ssl.${kind}.key-password`]: STORE_PASSWORD,
  };
}

function trustStore(kind: "internal" | "rest", file: string): Entries {
  return {
    [`security.ssl.${kind}.truststore`]: file,
    [`security.ssl.${kind}.truststore-type`]: "JKS",
    [`security.ssl.${kind}.truststore-password`]: STORE_PASSWORD,
  };
}
