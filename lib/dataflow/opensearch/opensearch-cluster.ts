import { OpensearchDomain } from "@cdktf/provider-aws/lib/opensearch-domain";
import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameTag } from "../../core/terraform/names";
import { policyDocument } from "../../core/terraform/policy";
import { checkInputOf } from "../../core/terraform/refusals";
import { SecurityGroupReach } from "../../network/egress/security-group-reach";
import { RemovalPolicy } from "../../storage/removal-policy";
import { storedDataKey } from "../../storage/stored-data-key";
import { closedSecurityGroup } from "../closed-security-group";
import { requireUniqueName } from "../unique-name";
import { DomainLogs } from "./domain-logs";
import { ExistingOpenSearchCluster, OpenSearchClusterAttributes } from "./existing-opensearch-cluster";
import { IOpenSearchCluster } from "./i-opensearch-cluster";
import { OpenSearchClusterProps } from "./opensearch-cluster-props";
import { checkOpenSearchClusterProps, OpenSearchClusterSettings } from "./opensearch-cluster-settings";
import { OpenSearchConnection } from "./opensearch-connection";
import { OpenSearchIam } from "./opensearch-iam";
import { OpenSearchIndices } from "./opensearch-indices";
import { requireServiceLinkedRole } from "./service-linked-role";

/** One data node at least in each, and one master node. */
const ZONES = 3;
const MASTER_NODES = 3;
/** Amazon OpenSearch Service takes HTTPS there and nowhere else. */
const PORT = 443;
/** TLS 1.2 or 1.3, with perfect forward secrecy. */
const TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10";

/**
 * OpenSearch as a sink of jobs: a domain of Amazon OpenSearch Service in three zones, with three master nodes that hold no
 * data. HTTPS alone, TLS among nodes, login by IAM alone and fine-grained access control; encrypted by a key of its own;
 * closed but to the Flink clusters that use it; audit, error and slow logs kept for a year. The service takes a snapshot of
 * it every hour and keeps it for 14 days.
 *
 * Until its administrator has mapped a role of OpenSearch to the jobs' role, it refuses all that jobs write:
 * docs/opensearch.md says how.
 */
export class OpenSearchCluster extends Construct implements IOpenSearchCluster {
  /**
   * A cluster of OpenSearch that exists already, a domain of Amazon OpenSearch Service or your own.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes where it is, and who jobs are for it
   */
  public static fromOpenSearchClusterAttributes(
    scope: Construct,
    id: string,
    attributes: OpenSearchClusterAttributes,
  ): IOpenSearchCluster {
    return new ExistingOpenSearchCluster(scope, id, attributes);
  }

  /** Name of the domain. */
  public readonly domainName: string;
  /**
   * ARN of the domain.
   * @attribute
   */
  public readonly domainArn: string;
  public readonly host: string;
  public readonly port: number = PORT;
  /**
   * Security group of the domain: without a rule until a Flink cluster uses it, at port 443.
   * @attribute
   */
  public readonly securityGroupId: string;
  /**
   * ARN of the key that encrypts what nodes store.
   * @attribute
   */
  public readonly encryptionKeyArn: string;
  private readonly connection: OpenSearchConnection;

  /**
   * @param scope where it belongs
   * @param id unique in the scope
   * @param props where it stands, how large it is and who administers it
   */
  public constructor(scope: Construct, id: string, props: OpenSearchClusterProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkOpenSearchClusterProps(this, id, props));
    this.requireUniqueName(settings);
    this.domainName = settings.domainName;
    this.encryptionKeyArn = storedDataKey(this, {
      description: `What nodes of the OpenSearch domain ${this.domainName} store`,
      removalPolicy: settings.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    this.securityGroupId = closedSecurityGroup(this, {
      vpcId: props.network.vpcId,
      name: `opensearch-${this.domainName}`,
      description: `Nodes of the OpenSearch domain ${this.domainName}`,
    });
    const domain = this.createDomain(settings, props);
    this.domainArn = domain.arn;
    this.host = domain.endpoint;
    this.connection = new OpenSearchConnection({
      name: settings.connectionName,
      cluster: this,
      host: this.host,
      port: this.port,
      reach: new SecurityGroupReach(this.securityGroupId),
      login: new OpenSearchIam("OpenSearchAuthentication.iam", { domainArn: this.domainArn }),
      masterUserArn: props.masterUserArn,
    });
  }

  public indices(...names: string[]): OpenSearchIndices {
    return checkInputOf(this, () => OpenSearchIndices._of(this.connection, names));
  }

  private requireUniqueName({ domainName: name }: OpenSearchClusterSettings): void {
    const nameOf = (other: IConstruct) => (other instanceof OpenSearchCluster ? other.domainName : undefined);
    checkInputOf(this, () => requireUniqueName(this, { property: "domainName", name, kind: "domain", nameOf }));
  }

  private createDomain(settings: OpenSearchClusterSettings, props: OpenSearchClusterProps): OpensearchDomain {
    const account = AwsAccount.of(this);
    // By its name: the domain's own attribute is known only after it.
    const domainArn = account.arn("es", `domain/${this.domainName}`);
    const logs = new DomainLogs(this, "Logs", {
      domainName: this.domainName,
      domainArn,
      retentionDays: settings.logRetentionDays,
      encryptionKey: props.logEncryptionKey,
    });
    const { offPeakStartHour } = props;
    return new OpensearchDomain(this, "Resource", {
      domainName: this.domainName,
      engineVersion: settings.version,
      clusterConfig: {
        instanceType: settings.dataNodeType,
        instanceCount: settings.dataNodesPerZone * ZONES,
        dedicatedMasterEnabled: true,
        dedicatedMasterType: settings.masterNodeType,
        dedicatedMasterCount: MASTER_NODES,
        zoneAwarenessEnabled: true,
        zoneAwarenessConfig: { availabilityZoneCount: ZONES },
      },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: settings.storage },
      vpcOptions: { subnetIds: props.network.subnetIds, securityGroupIds: [this.securityGroupId] },
      encryptAtRest: { enabled: true, kmsKeyId: this.encryptionKeyArn },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: TLS_POLICY },
      advancedSecurityOptions: {
        enabled: true,
        anonymousAuthEnabled: false,
        internalUserDatabaseEnabled: false,
        masterUserOptions: { masterUserArn: props.masterUserArn },
      },
      advancedOptions: { "rest.action.multi.allow_explicit_index": String(settings.allowExplicitIndex) },
      accessPolicies: policyDocument([
        {
          // Who of the account may send what, the policies of its roles say; what they then may do, roles of OpenSearch.
          Sid: "ByPoliciesOfThisAccount",
          Effect: "Allow",
          Principal: { AWS: account.rootArn },
          Action: "es:ESHttp*",
          Resource: `${domainArn}/*`,
        },
      ]),
      logPublishingOptions: logs.publishing,
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
      offPeakWindowOptions: {
        enabled: true,
        offPeakWindow:
          offPeakStartHour === undefined ? undefined : { windowStartTime: { hours: offPeakStartHour, minutes: 0 } },
      },
      tags: { Name: nameTag(this) },
      lifecycle: {
        preventDestroy: settings.removalPolicy === RemovalPolicy.RETAIN,
        precondition: [requireServiceLinkedRole(this)],
      },
      // The service looks at once whether it may write its logs.
      dependsOn: [logs.policy],
    });
  }
}
