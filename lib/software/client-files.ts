import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { renderKeyStore } from "../core/x509/key-store";
import { certificatesPem, keyPem } from "../core/x509/pem";
import { refuse } from "../core/validation";
import { renderTrustStore } from "../node/agent/trust-store";
import { STORE_PASSWORD } from "../node/tls-paths";
import { CIPHER_SUITES, TLS_PROTOCOL } from "../settings/tls";
import { renderYaml } from "../settings/yaml";
import type { ClientCertificate } from "./client-certificate";
import { makeFolder } from "./make-folder";

/** The files that an operator gets, by absolute paths. */
export interface ClientFiles {
  readonly certificate: string;
  readonly key: string;
  readonly nodeAuthority: string;
  readonly keyStore: string;
  readonly trustStore: string;
  readonly flinkConfiguration: string;
}

/** In every folder that holds files of ours: those may be written over. */
const MARKER = ".cdktf-flink-certificate";

/** Where the files of a folder lie. */
export function clientFiles(folder: string): ClientFiles {
  const at = (name: string): string => path.resolve(folder, name);
  return {
    certificate: at("client.pem"),
    key: at("client-key.pem"),
    nodeAuthority: at("node-authority.pem"),
    keyStore: at("client.p12"),
    trustStore: at("truststore.jks"),
    flinkConfiguration: at("flink-config.yaml"),
  };
}

/**
 * Writes a client's certificate in the forms that its tools take: PEM for curl and the like, PKCS #12 for browsers,
 * stores and a piece of configuration for Flink's own command lines. What holds the private key only its owner may
 * read. A folder that is not there is made for its owner alone. Refused: files of these names that are not of an
 * earlier call, unless `force` is true (default false).
 */
export function writeClientFiles(folder: string, client: ClientCertificate, force = false): ClientFiles {
  const files = clientFiles(folder);
  const marker = path.resolve(folder, MARKER);
  if (!force && !existsSync(marker)) refuseForeign(files);
  makeFolder("--out", folder, 0o700);
  write(marker, "cdktf-flink certificate writes over the files of these names here.\n");
  const { certificate, nodeAuthority, clientAuthority } = client;
  write(files.key, keyPem(client.key), 0o600);
  write(files.keyStore, renderKeyStore(client, [], STORE_PASSWORD, "flink-client"), 0o600);
  write(files.certificate, certificatesPem(certificate));
  write(files.nodeAuthority, certificatesPem(nodeAuthority));
  // Flink's SQL client calls a gateway within itself, which shows this very certificate and asks for one of its own
  // authority: the certificate by itself is trusted as a server's, for it may not be one by its purpose.
  write(files.trustStore, renderTrustStore([nodeAuthority, clientAuthority, certificate]));
  write(files.flinkConfiguration, renderYaml(flinkClientConfiguration(files)), 0o600);
  return files;
}

/** What Flink's command lines have to know to call the REST API. */
export function flinkClientConfiguration(files: ClientFiles): Readonly<Record<string, string>> {
  return {
    "security.ssl.protocol": TLS_PROTOCOL,
    "security.ssl.algorithms": CIPHER_SUITES,
    "security.ssl.rest.enabled": "true",
    "security.ssl.rest.authentication-enabled": "true",
    "security.ssl.rest.keystore": files.keyStore,
    "security.ssl.rest.keystore-type": "PKCS12",
    "security.ssl.rest.keystore-password": STORE_PASSWORD,
    "security.ssl.rest.key-password": STORE_PASSWORD,
    "security.ssl.rest.truststore": files.trustStore,
    "security.ssl.rest.truststore-type": "JKS",
    "security.ssl.rest.truststore-password": STORE_PASSWORD,
  };
}

function refuseForeign(files: ClientFiles): void {
  const foreign = (Object.values(files) as string[]).find((file) => existsSync(file));
  if (foreign === undefined) return;
  refuse({
    property: "--out",
    value: path.dirname(foreign),
    allowed: `a folder without a ${path.basename(foreign)} of somebody else's`,
    remedy: "name another folder, or give --force to write over it",
  });
}

/** Anew, never into what is there: that may be a link, or open in another process. */
function write(file: string, content: string | Uint8Array, mode = 0o644): void {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, content, { flag: "wx", mode: 0o600 });
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}
