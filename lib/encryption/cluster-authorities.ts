import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { accountAdministration, policyDocument, PolicyStatement } from "../core/terraform/policy";
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

/** The two authorities of a cluster, wherever they live. */
export interface IClusterAuthorities {
  /** ARN of the one that signs for nodes: of a key, or of a private CA. */
  readonly nodeAuthorityArn: string;
  /** ARN of the one that signs for operators. */
  readonly clientAuthorityArn: string;
  /** Short name of the AWS service that machines call for certificates. */
  readonly service: string;
  /** What machines may ask of them. */
  readonly machineStatements: readonly PolicyStatement[];
  /** What whoever operates the cluster may ask of them. */
  readonly operatorStatements: readonly PolicyStatement[];
}

/**
 * The two authorities of a cluster: keys that sign certificates and never leave KMS. What the *node* authority
 * signs is trusted by Flink's internal ports, ZooKeeper and clients; what the *client* authority signs by the REST
 * API alone. Machines may sign with the first, operators with the second.
 */
export class ClusterAuthorities extends Construct implements IClusterAuthorities {
  public readonly nodeAuthorityArn: string;
  public readonly clientAuthorityArn: string;
  public readonly service = "kms";

  public constructor(scope: Construct, id: string, props: ClusterAuthoritiesProps) {
    super(scope, id);
    this.nodeAuthorityArn = this.authority("Node", "node", props).arn;
    this.clientAuthorityArn = this.authority("Client", "client", props).arn;
  }

  public get machineStatements(): readonly PolicyStatement[] {
    return [signing("SignForNodes", this.nodeAuthorityArn), this.reading];
  }

  public get operatorStatements(): readonly PolicyStatement[] {
    return [signing("SignForOperators", this.clientAuthorityArn), this.reading];
  }

  private get reading(): PolicyStatement {
    return {
      Sid: "ReadAuthorities",
      Effect: "Allow",
      Action: ["kms:GetPublicKey"],
      Resource: [this.nodeAuthorityArn, this.clientAuthorityArn],
    };
  }

  private authority(id: string, kind: AuthorityKind, props: ClusterAuthoritiesProps): KmsKey {
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
    new KmsAlias(this, `${id}Alias`, { name, targetKeyId: key.keyId });
    return key;
  }
}

/** Leave to sign certificates with a key. */
function signing(Sid: string, keyArn: string): PolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Action: ["kms:Sign"],
    Resource: [keyArn],
    Condition: { StringEquals: { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256", "kms:MessageType": "RAW" } },
  };
}
