import { connectionKeyStoreFile } from "../../node/paths";
import { CertificateSecret } from "../certificate-secret";
import { KafkaSecretLogin } from "./kafka-secret-login";

/** By a certificate that clients show as the connection begins (TLS client authentication). */
export class KafkaCertificate extends KafkaSecretLogin {
  public readonly title = "client certificates";
  public readonly securityProtocol = "SSL";
  public readonly msk = { port: 9094, attribute: "bootstrap_brokers_tls", isServerless: false, isOnly: false };

  public constructor(factory: string, secret: CertificateSecret) {
    super(factory, "kafka-certificate", secret, "orders-reader");
  }

  /** A client reads the file when it starts, and so does a job that is restored after a rotation. */
  public clientProperties(connection: string): Readonly<Record<string, string>> {
    return { "ssl.keystore.type": "PEM", "ssl.keystore.location": connectionKeyStoreFile(connection) };
  }
}
