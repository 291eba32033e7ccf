import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { accountAdministration, policyDocument } from "../core/terraform/policy";
import { authorityAlias, type AuthorityKind } from "../core/x509/authority-names";

export interface ClusterAuthoritiesProps {
  readonly clusterName: string;
  /** Whether a plan that destroys or replaces one of them is refused. */
  readonly terminationProtection: boolean;
  readonly tags: { readonly [key: string]: string };
}

/** Time in which a destroyed cluster's authorities can still be brought back. */
const DELETION_WINDOW_DAYS = 30;
/** RSA, because Flink's cipher suites are; 3072 bits are good beyond 2030 (NIST SP 800-57, part 1). */
const KEY_SPEC = "RSA_3072";

/**
 * The two authorities of a cluster: keys that sign certificates and never leave KMS. What the *node* authority
 * signs is trusted by Flink's internal ports, ZooKeeper and clients; what the *client* authority signs by the REST
 * API alone. Machines may sign with the first, operators with the second.
 */
export class ClusterAuthorities extends Construct {
  public readonly nodeKeyArn: string;
  public readonly clientKeyArn: string;
  /**
   * An alias that holds the cluster's name, once per account and region: what depends on it is not created beside
   * another program's cluster of the same name, whose objects it would overwrite.
   */
  public readonly claim: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: ClusterAuthoritiesProps) {
    super(scope, id);
    const node = this.authority("Node", "node", props);
    this.nodeKeyArn = node.key.arn;
    this.claim = node.alias;
    this.clientKeyArn = this.authority("Client", "client", props).key.arn;
  }

  private authority(id: string, kind: AuthorityKind, props: ClusterAuthoritiesProps): { key: KmsKey; alias: KmsAlias } {
    const { clusterName, terminationProtection, tags } = props;
    const key = new KmsKey(this, `${id}Key`, {
      description: `Signs certificates of the Flink cluster ${clusterName}: its ${kind} authority`,
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: KEY_SPEC,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument([accountAdministration(AwsAccount.of(this).rootArn)]),
      tags: { ...tags },
      lifecycle: { preventDestroy: terminationProtection },
    });
    const name = authorityAlias(kind, clusterName);
    return { key, alias: new KmsAlias(this, `${id}Alias`, { name, targetKeyId: key.keyId }) };
  }
}
