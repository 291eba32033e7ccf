import type { ConnectionCredential } from "../../node/desired-state";
import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import type { OpenSearchLogLogin } from "../../node/logs/log-shipping";
import { ScopeRequirement } from "../scope";

/** One way in which clients say to OpenSearch who they are. */
export interface OpenSearchLogin {
  /** For people, such as `IAM`. */
  readonly title: string;
  /** Absent where Flink's own credentials of AWS serve. */
  readonly credential?: ConnectionCredential;
  /** Names by which the cluster is known, beside that of its host. */
  readonly clusterNames: readonly string[];
  /**
   * Refuses what is of another region than the one that the program says, unless the system may be elsewhere; nothing where
   * the program says none. A secret is never elsewhere.
   */
  checkRegion(region: string | undefined, isElsewhere: boolean): void;
  /** What a client is told, beside the address; `connection` names its files. */
  describe(scope: Construct, connection: string): object;
  /** What the exporter of logs is told in its place. */
  logLogin(scope: Construct): OpenSearchLogLogin;
  /** What Terraform must find true of values that it alone knows. */
  requirements(path: string): readonly ScopeRequirement[];
  allowances(scope: Construct, indices: readonly string[]): Allowance[];
}
