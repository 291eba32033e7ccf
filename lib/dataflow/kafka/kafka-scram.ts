import { connectionCredentialsFile } from "../../node/paths";
import { LoginSecret } from "../login-secret";
import { KafkaSecretLogin } from "./kafka-secret-login";

/** By name and password, which never leave the client (RFC 5802). */
export class KafkaScram extends KafkaSecretLogin {
  public readonly title = "SCRAM";
  public readonly securityProtocol = "SASL_SSL";
  public readonly msk = { port: 9096, attribute: "bootstrap_brokers_sasl_scram", isServerless: false, isOnly: false };

  public constructor(
    factory: string,
    /** As Kafka names it (`sasl.mechanism`). */
    private readonly mechanism: string,
    secret: LoginSecret,
  ) {
    super(factory, "kafka-scram", secret, "AmazonMSK_orders");
  }

  /**
   * The credential is named and not held: a client reads the file when it starts, and so does a job that is restored
   * after a rotation.
   */
  public clientProperties(connection: string): Readonly<Record<string, string>> {
    return {
      "sasl.mechanism": this.mechanism,
      "sasl.jaas.config": `\${file:${connectionCredentialsFile(connection)}:sasl.jaas.config}`,
      "config.providers": "file",
      "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
    };
  }
}
