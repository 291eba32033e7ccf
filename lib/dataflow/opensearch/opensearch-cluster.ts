import { OpensearchDomain } from "@cdktf/provider-aws/lib/opensearch-domain";
import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameTag } from "../../core/terraform/names";
import { policyDocument } from "../../core/terraform/policy";
import { checkInputOf } from "../../core/terraform/refusals";
import { refuse } from "../../core/validation";
import { SecurityGroupReach } from "../../network/egress/security-group-reach";
import { RemovalPolicy } from "../../storage/removal-policy";
import { storedDataKey } from "../../storage/stored-data-key";
import { closedSecurityGroup } from "../closed-security-group";
import { requireUniqueName } from "../unique-name";
import { DomainLogs } from "./domain-logs";
import { ExistingOpenSearchCluster, OpenSearchClusterAttributes } from "./existing-opensearch-cluster";
import { IOpenSearchCluster } from "./i-opensearch-cluster";
import { requireIamPrincipal } from "./iam-principal";
import { OpenSearchClusterProps } from "./opensearch-cluster-props";
import { checkOpenSearchClusterProps, OpenSearchClusterSettings } from "./opensearch-cluster-settings";
import { OpenSearchConnection } from "./opensearch-connection";
import { OpenSearchIam } from "./opensearch-iam";
import { OpenSearchIndexTemplateProps } from "./opensearch-index-template";
import { OpenSearchIndices } from "./opensearch-indices";
import { OpenSearchObjects, OpenSearchProvisioning } from "./opensearch-provisioning";
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
 * The deploy gives the jobs' role of each Flink cluster that writes here a role of OpenSearch for exactly those indices.
 * With `masterUserArn` it does not, and until that administrator has, OpenSearch refuses all that jobs write.
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
  /**
   * ARN of who administers OpenSearch itself: `masterUserArn`, or the role of the domain's own.
   * @attribute
   */
  public readonly administratorArn: string;
  private readonly connection: OpenSearchConnection;
  /** Absent where the user's own administrator gives roles of OpenSearch. */
  private readonly provisioning?: OpenSearchProvisioning;

  /**
   * @param scope where it belongs
   * @param id unique in the scope
   * @param props where it stands, how large it is and who administers it
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: OpenSearchClusterProps,
  ) {
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
    // By its name: the domain's own attribute is known only after it.
    const domainArn = AwsAccount.of(this).arn("es", `domain/${this.domainName}`);
    this.provisioning = props.masterUserArn === undefined ? this.createProvisioning(settings, domainArn) : undefined;
    this.administratorArn = props.masterUserArn ?? this.provisioning!.administratorRoleArn;
    const domain = this.createDomain(settings, domainArn);
    this.domainArn = domain.arn;
    this.host = domain.endpoint;
    this.connection = new OpenSearchConnection({
      name: settings.connectionName,
      cluster: this,
      host: this.host,
      port: this.port,
      reach: new SecurityGroupReach(this.securityGroupId),
      login: new OpenSearchIam("OpenSearchAuthentication.iam", { domainArn: this.domainArn }),
      masterUserArn: this.administratorArn,
    });
    this.provisioning?.serve(this.host);
  }

  public indices(...names: string[]): OpenSearchIndices {
    return checkInputOf(this, () => OpenSearchIndices._of(this.connection, names, this.provisioning));
  }

  /**
   * An index template, which the deploy makes: what fields and settings indices get that are made from now on, also by the
   * first document of a job. One that others made is left as it is, and the deploy fails. None is ever deleted: not on a
   * destroy, and not when the program no longer names it. Refused with `masterUserArn`.
   *
   * @param name of the template: 1 to 255 lower-case letters, digits and `._-`, beginning with a letter or a digit
   * @param props for which indices, and what they get
   */
  public addIndexTemplate(name: string, props: OpenSearchIndexTemplateProps): void {
    checkInputOf(this, () => this.requireProvisioning("addIndexTemplate", name).addIndexTemplate(name, props));
  }

  /**
   * Lets somebody take on the role that administers OpenSearch itself, and so do everything in the domain: read, change
   * and delete all, and give roles to others. Never the role of jobs or logs that write here: refused. Refused with `masterUserArn`.
   *
   * @param principalArn ARN of a role or a user of IAM of this account, such as `arn:aws:iam::123456789012:role/search-admin`
   */
  public grantAdministration(principalArn: string): void {
    checkInputOf(this, () => {
      requireIamPrincipal("principalArn", principalArn);
      this.requireProvisioning("grantAdministration", principalArn).grantAdministration(principalArn);
    });
  }

  /**
   * What the last deploy that asked for something new made of roles and templates, and what was there already, as JSON
   * (`made`, `there`, `closed`), to hand to a `TerraformOutput`. Refused with `masterUserArn`.
   * @attribute
   */
  public get provisioningReport(): string {
    return checkInputOf(this, () => this.requireProvisioning("provisioningReport", undefined).report);
  }

  /**
   * Whether the deploy makes what lies in it.
   * @internal
   */
  public get _isProvisioned(): boolean {
    return this.provisioning !== undefined;
  }

  /**
   * What others of this library need in it.
   * @internal
   */
  public _provide(objects: OpenSearchObjects): void {
    this.provisioning?.provide(objects);
  }

  private requireProvisioning(property: string, value: unknown): OpenSearchProvisioning {
    if (this.provisioning !== undefined) return this.provisioning;
    refuse({
      property,
      value,
      allowed: "used where the deploy administers OpenSearch, and here masterUserArn does",
      remedy: "leave masterUserArn out, or do it as that role or user (docs/opensearch.md)",
    });
  }

  private createProvisioning(settings: OpenSearchClusterSettings, domainArn: string): OpenSearchProvisioning {
    return new OpenSearchProvisioning(this, "Provisioning", {
      network: this.props.network,
      ...{ domainName: this.domainName, domainArn, securityGroupId: this.securityGroupId, port: this.port },
      jobsMayAddFields: settings.jobsMayAddFields,
      logRetentionDays: settings.logRetentionDays,
      logEncryptionKey: this.props.logEncryptionKey,
    });
  }

  private requireUniqueName({ domainName: name }: OpenSearchClusterSettings): void {
    const nameOf = (other: IConstruct) => (other instanceof OpenSearchCluster ? other.domainName : undefined);
    checkInputOf(this, () => requireUniqueName(this, { property: "domainName", name, kind: "domain", nameOf }));
  }

  private createDomain(settings: OpenSearchClusterSettings, domainArn: string): OpensearchDomain {
    const { props } = this;
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
        masterUserOptions: { masterUserArn: this.administratorArn },
      },
      advancedOptions: { "rest.action.multi.allow_explicit_index": String(settings.allowExplicitIndex) },
      accessPolicies: policyDocument([
        {
          // Who of the account may send what, the policies of its roles say; what they then may do, roles of OpenSearch.
          Sid: "ByPoliciesOfThisAccount",
          Effect: "Allow",
          Principal: { AWS: AwsAccount.of(this).rootArn },
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
