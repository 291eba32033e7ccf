import type { ConnectionOptions } from "node:tls";
import { certificatesPem, keyPem } from "../core/x509/pem";
import type { ClientCertificate } from "../software/client-certificate";

/** How an operator calls a node: with the operator's own certificate, and with one check of the node's, by its name. */
export function operatorTls(client: ClientCertificate, host: string): ConnectionOptions {
  return {
    key: keyPem(client.key),
    cert: certificatesPem(client.certificate),
    ca: certificatesPem(client.nodeAuthority),
    servername: host,
    // An authority of AWS Private CA may itself be signed by another one, and is trusted by itself.
    allowPartialTrustChain: true,
  };
}
