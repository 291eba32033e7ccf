import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { Allowance } from "../../core/terraform/policy";
import type { ConnectionCredential } from "../../node/desired-state";
import { connectionCredentialsFile } from "../../node/paths";
import {
  allowancesOfSecret,
  LoginSecret,
  requireLoginSecret,
  requirementsOfSecret,
  requireRegionOfSecret,
} from "../login-secret";
import { ScopeRequirement } from "../scope";
import type { KafkaLogin, KafkaUse } from "./kafka-login";

/** By name and password, which never leave the client (RFC 5802). What the user may do is for Kafka to say, by its ACLs. */
export class KafkaScram implements KafkaLogin {
  public readonly title = "SCRAM";
  public readonly msk = { port: 9096, attribute: "bootstrap_brokers_sasl_scram", isServerless: false, isOnly: false };
  public readonly connectors: readonly ConnectorName[] = [];
  public readonly credential: ConnectionCredential;
  public readonly brokerNames = [];

  public constructor(
    property: string,
    /** As Kafka names it (`sasl.mechanism`). */
    private readonly mechanism: string,
    private readonly secret: LoginSecret,
  ) {
    requireLoginSecret(property, secret, "AmazonMSK_orders");
    this.credential = { kind: "kafka-scram", secretArn: secret.secretArn };
  }

  public checkRegion(region: string | undefined): void {
    requireRegionOfSecret(this.secret, region);
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

  public requirements(path: string): readonly ScopeRequirement[] {
    return requirementsOfSecret(path, this.secret);
  }

  public allowances(scope: Construct, { kind }: KafkaUse): Allowance[] {
    return allowancesOfSecret(scope, kind, this.secret);
  }
}
