import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import type { ConnectionCredential } from "../../node/desired-state";
import type { OpenSearchLogLogin } from "../../node/logs/log-shipping";
import { connectionCredentialsFile } from "../../node/paths";
import { LoginSecret } from "../login-secret";
import { ScopeRequirement } from "../scope";
import { allowancesOfSecret, requirementsOfSecret, requireRegionOfSecret, requireSecret } from "../secret";
import type { OpenSearchLogin } from "./opensearch-login";

/** By name and password (RFC 7617). What the user may do is for OpenSearch to say, by its roles. */
export class OpenSearchBasic implements OpenSearchLogin {
  public readonly title = "name and password";
  public readonly credential: ConnectionCredential;
  public readonly clusterNames = [];

  public constructor(
    factory: string,
    private readonly secret: LoginSecret,
  ) {
    requireSecret(factory, secret, "search-writer");
    this.credential = { kind: "basic", secretArn: secret.secretArn };
  }

  public checkRegion(region: string | undefined): void {
    requireRegionOfSecret(this.secret, region);
  }

  public describe(_: Construct, connection: string): object {
    return { authentication: "basic", credentialsFile: connectionCredentialsFile(connection) };
  }

  public logLogin(): OpenSearchLogLogin {
    return { kind: "basic", secretArn: this.secret.secretArn };
  }

  public requirements(path: string): readonly ScopeRequirement[] {
    return requirementsOfSecret(path, this.secret);
  }

  public allowances(scope: Construct): Allowance[] {
    return allowancesOfSecret(scope, "Write", this.secret);
  }
}
