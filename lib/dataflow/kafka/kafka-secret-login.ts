import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { Allowance } from "../../core/terraform/policy";
import type { ConnectionCredential } from "../../node/desired-state";
import { ScopeRequirement } from "../scope";
import {
  allowancesOfSecret,
  requirementsOfSecret,
  requireRegionOfSecret,
  requireSecret,
  SecretReference,
} from "../secret";
import type { KafkaLogin, KafkaUse } from "./kafka-login";

/** By what a secret holds. What its user may do is for Kafka to say, by its ACLs: IAM decides who reads the secret. */
export abstract class KafkaSecretLogin implements KafkaLogin {
  public abstract readonly title: string;
  public abstract readonly securityProtocol: KafkaLogin["securityProtocol"];
  public abstract readonly msk: KafkaLogin["msk"];
  public readonly connectors: readonly ConnectorName[] = [];
  public readonly brokerNames = [];
  public readonly credential: ConnectionCredential;

  protected constructor(
    factory: string,
    kind: ConnectionCredential["kind"],
    private readonly secret: SecretReference,
    /** A name of such a secret. */
    example: string,
  ) {
    requireSecret(factory, secret, example);
    this.credential = { kind, secretArn: secret.secretArn };
  }

  public abstract clientProperties(connection: string): Readonly<Record<string, string>>;

  public checkRegion(region: string | undefined): void {
    requireRegionOfSecret(this.secret, region);
  }

  public requirements(path: string): readonly ScopeRequirement[] {
    return requirementsOfSecret(path, this.secret);
  }

  public allowances(scope: Construct, { kind }: KafkaUse): Allowance[] {
    return allowancesOfSecret(scope, kind, this.secret);
  }
}
