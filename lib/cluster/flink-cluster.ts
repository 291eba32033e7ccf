import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { ITerraformDependable, Lazy, TerraformOutput } from "cdktf";
import { CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX } from "../core/bucket-layout";
import { CLIENT_TAG } from "../core/client-tag";
import { AwsAccount } from "../core/terraform/aws-account";
import { dependOn } from "../core/terraform/depend-on";
import { FixedForLife } from "../core/terraform/fixed-for-life";
import { checkInputOf } from "../core/terraform/refusals";
import { escapeTerraformText, isTextToken, withReferences } from "../core/terraform/text";
import { IReadScope, IReadWriteScope, IWriteScope } from "../dataflow/scope";
import { ClusterAuthorities, IClusterAuthorities } from "../encryption/cluster-authorities";
import { PrivateClusterAuthorities } from "../encryption/private-cluster-authorities";
import { holdKeyForLife } from "../encryption/key-for-life";
import { tablesOfConnections } from "../node/connections";
import { PORTS } from "../node/ports";
import { ClusterFirewall } from "../network/firewall";
import { Peer } from "../network/peer";
import { idOf } from "../network/rule-id";
import { refuse } from "../core/validation";
import { BegunArchitecture } from "./begun-architecture";
import { BegunFlinkLine } from "./begun-flink-line";
import { ClusterRole } from "./cluster-role";
import { ClusterSoftware } from "./cluster-software";
import { checkClusterProps, ClusterSettings } from "./cluster-settings";
import { clusterState, stateUri } from "./cluster-state";
import { Connections } from "./connections";
import { DataFlow } from "./data-flow";
import { newestDebianImage } from "./debian-image";
import { DesiredStateObject } from "./desired-state-object";
import { ExistingFlinkCluster } from "./existing-flink-cluster";
import { FlinkClusterBase } from "./flink-cluster-base";
import { FlinkClusterProps } from "./flink-cluster-props";
import { FlinkNode } from "./flink-node";
import { FlinkClusterAttributes, IFlinkCluster } from "./i-flink-cluster";
import { LogShipping, LogShippingRequest } from "./log-shipping";
import { MachineSizes } from "./machine-sizes";
import { MetricsShipping, MetricsShippingRequest } from "./metrics-shipping";
import { NameClaim } from "./name-claim";
import { NodeRemoval } from "./node-removal";
import { OperatorPolicy, OperatorPolicyProps } from "./operator-policy";
import { requireRoleName } from "./role-name";
import { ShippingProps } from "./shipping";
import { VolumeKey } from "./volume-key";

/**
 * A Flink session cluster on machines of its own: JobManager and TaskManager on every node, ZooKeeper on one,
 * three or five of them, state in the checkpoint bucket.
 *
 * `new FlinkCluster(this, "flink", { network, checkpointBucket })` is a three-node cluster that survives the loss
 * of any one machine.
 */
export class FlinkCluster extends FlinkClusterBase {
  /**
   * A cluster that exists already, as the outputs of its stack describe it. Literal values are checked; values known
   * only when Terraform runs are taken as they are.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes what is known of it
   */
  public static fromFlinkClusterAttributes(
    scope: Construct,
    id: string,
    attributes: FlinkClusterAttributes,
  ): IFlinkCluster {
    return new ExistingFlinkCluster(scope, id, attributes);
  }

  /**
   * Key of the tag by which the command line finds machines that lead to the nodes by AWS Session Manager, such as that of
   * `examples/client`; its value is the name of the cluster.
   */
  public static readonly CLIENT_TAG: string = CLIENT_TAG;

  public readonly clusterName: string;
  public readonly restAddresses: string[];
  public readonly clientSecurityGroupId: string;
  public readonly jobRoleName: string;
  public readonly checkpointsUri: string;
  public readonly savepointsUri: string;
  public readonly nodeAuthorityArn: string;
  public readonly clientAuthorityArn: string;
  /** Names of the machines, such as `orders-node-1`. */
  public readonly nodeNames: string[];
  /** Fully qualified names of the machines in the network's private zone. */
  public readonly nodeHosts: string[];
  /**
   * Name of the IAM role of the machines: of their agents, not of jobs. Nothing needs to be granted to it; what jobs
   * need belongs to `jobRoleName`.
   */
  public readonly nodeRoleName: string;
  /** Security group of the machines. */
  public readonly nodeSecurityGroupId: string;
  /**
   * Statements of Flink SQL that make the table `connections.<name>` for each system that jobs are let into by name
   * (Kafka, PostgreSQL, OpenSearch): without columns, with all that the connector must be told of the system and no secret.
   * Hand it to a `TerraformOutput`, give that to the SQL client (`--init`), and create tables `LIKE` them. Nodes have the
   * same in `$FLINK_CONNECTIONS_DIR/tables.sql`.
   */
  public readonly connectionTables: string;

  /**
   * In the order of `nodeNames`.
   * @internal
   */
  public readonly _nodes: FlinkNode[] = [];

  private readonly firewall: ClusterFirewall;
  private readonly dataFlow: DataFlow;
  private readonly software: ClusterSoftware;
  private readonly shipping: ShippingProps;
  private readonly checkpointBucketName: string;
  private readonly operated: Omit<OperatorPolicyProps, "roleName">;
  private logs?: LogShipping;
  private metrics?: MetricsShipping;

  public constructor(scope: Construct, id: string, props: FlinkClusterProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkClusterProps(this, props));
    const aws = AwsAccount.of(this);
    const { network, checkpointBucket } = props;

    this.clusterName = settings.clusterName;
    this.checkpointBucketName = checkpointBucket.bucketName;
    checkInputOf(this, () => {
      this.refuseTwin();
      this.refuseSharedAuthorities(props);
    });
    const claim = new NameClaim(this, "NameClaim", {
      clusterName: this.clusterName,
      checkpointBucketName: this.checkpointBucketName,
      tags: settings.tags,
    });
    const authorities = this.createAuthorities(props, settings);
    this.operated = { clusterName: this.clusterName, checkpointBucket, authorities };
    this.nodeAuthorityArn = authorities.nodeAuthorityArn;
    this.clientAuthorityArn = authorities.clientAuthorityArn;
    // A changed number of ZooKeeper servers would make two quorums, another bucket would leave the machines without
    // their state, another architecture would replace all machines at once, and state does not cross Flink's lines
    // unless it is carried over by savepoints. Another authority would part the nodes that have its certificates from
    // those that do not yet.
    const { requirements } = new BegunFlinkLine(this, "BegunFlinkLine", {
      clusterName: this.clusterName,
      version: settings.flink.version,
    });
    const { requirement } = new BegunArchitecture(this, "BegunArchitecture", {
      clusterName: this.clusterName,
      architecture: settings.instanceType.architecture,
    });
    new FixedForLife(this, "FixedForLife", {
      values: {
        cluster_name: this.clusterName,
        zookeeper_node_count: String(settings.zooKeeperNodeCount),
        checkpoint_bucket: checkpointBucket.bucketName,
        software_bucket: (props.softwareBucket ?? checkpointBucket).bucketName,
        architecture: settings.instanceType.architecture,
        flink_line: settings.flink.version.line,
        node_authority: this.nodeAuthorityArn,
        client_authority: this.clientAuthorityArn,
      },
      isProtected: settings.terminationProtection,
      requirements: [...requirements, requirement],
    });
    const volumeKeyArn =
      props.volumeEncryptionKey?.keyArn ??
      new VolumeKey(this, "VolumeKey", { clusterName: this.clusterName, tags: settings.tags }).keyArn;
    // No volume can change its key: all machines would be replaced at once.
    holdKeyForLife(this, "VolumeKey", {
      name: "volume_key",
      keyArn: volumeKeyArn,
      isMadeHere: props.volumeEncryptionKey === undefined,
      isProtected: settings.terminationProtection,
    });
    this.nodeNames = settings.nodes.map((node) => node.name);
    this.nodeHosts = settings.nodes.map((node) => node.host);
    this.restAddresses = settings.nodes.map((node) => `https://${node.host}:${PORTS.jobManagerRest.port}`);
    this.checkpointsUri = stateUri(checkpointBucket.bucketName, CHECKPOINTS_PREFIX, this.clusterName);
    this.savepointsUri = stateUri(checkpointBucket.bucketName, SAVEPOINTS_PREFIX, this.clusterName);

    this.firewall = new ClusterFirewall(this, "Firewall", {
      network,
      clusterName: this.clusterName,
      tags: settings.tags,
    });
    settings.access.forEach((peer) => this.firewall.allowClientsFrom(peer, "Clients, as access of the cluster says"));
    this.nodeSecurityGroupId = this.firewall.nodesSecurityGroupId;
    this.clientSecurityGroupId = this.firewall.clientsSecurityGroupId;

    // What signs the machines' certificates; they have no other way to it.
    this.firewall.allowNodesToEndpoint(network.addInterfaceEndpoint(authorities.service));

    const role = new ClusterRole(this, "Role", {
      clusterName: this.clusterName,
      checkpointBucket,
      softwareBucket: props.softwareBucket,
      authorities,
      tags: settings.tags,
    });
    this.nodeRoleName = role.role.name;
    this.jobRoleName = role.jobRole.name;
    this.firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("sts"));

    const imageId = settings.imageId ?? newestDebianImage(this, settings.instanceType.architecture);
    const beforeState: ITerraformDependable[] = [];
    let desiredState: DesiredStateObject | undefined;
    this.software = new ClusterSoftware(this, "Software", {
      software: settings.software,
      version: settings.flink.version,
      architecture: settings.instanceType.architecture,
      bucket: props.softwareBucket ?? checkpointBucket,
      // Of a connector it comes after the state.
      onDependable: (dependable) => {
        if (desiredState) desiredState.dependOn(dependable);
        else beforeState.push(dependable);
      },
    });
    const connections = new Connections({
      clusterName: this.clusterName,
      network,
      firewall: this.firewall,
      software: this.software,
    });
    this.connectionTables = Lazy.stringValue({
      produce: () => escapeTerraformText(tablesOfConnections(connections.inputs())),
    });
    const onPolicy = (policy: IamRolePolicy): void => {
      this._nodes.forEach(({ instance }) => dependOn(instance, policy));
      // What Terraform finds wrong of its values must not reach the nodes, and they look for what it opens.
      desiredState?.dependOn(policy);
    };
    this.dataFlow = new DataFlow(this, "DataFlow", {
      clusterName: this.clusterName,
      jobRole: role.jobRole,
      jobPolicy: role.jobPolicy,
      ownBucketNames: [checkpointBucket, ...(props.softwareBucket ? [props.softwareBucket] : [])].map(
        ({ bucketName }) => bucketName,
      ),
      connections,
      onPolicy,
    });
    this.shipping = {
      ...{ clusterName: this.clusterName, network, firewall: this.firewall, nodeRole: role.role, onPolicy },
      ...{ dataVolumeSize: settings.dataVolumeSize, tags: settings.tags },
      flinkConfiguration: settings.flink.flinkConfiguration,
    };
    if (this.software.isThere) {
      desiredState = new DesiredStateObject(this, "DesiredState", {
        clusterName: this.clusterName,
        state: () =>
          clusterState({
            settings,
            software: this.software.items(),
            bucketName: checkpointBucket.bucketName,
            s3Endpoint: `https://s3.${aws.region}.${aws.dnsSuffix}`,
            nodeAuthorityArn: this.nodeAuthorityArn,
            clientAuthorityArn: this.clientAuthorityArn,
            jobRoleArn: role.jobRole.arn,
            connections: connections.inputs(),
            logs: this.software.hasLogShipping ? this.logs?.input : undefined,
            metrics: this.software.hasMetricsShipping ? this.metrics?.input : undefined,
          }),
        checkpointBucket,
        imageId,
        dependsOn: [...beforeState, claim.resource],
      });
    }

    this.createNodes(props, settings, { role, volumeKeyArn, imageId, claim: claim.resource });
    const sizes = new MachineSizes(this, "MachineSizes", {
      clusterName: this.clusterName,
      bucketName: this.checkpointBucketName,
      nodes: this._nodes,
      instanceType: settings.instanceType.name,
      dataVolumeSize: settings.dataVolumeSize,
    });
    if (desiredState) {
      desiredState.dependOn(sizes.larger);
      sizes.shrinkAfter(desiredState.resource);
    }
    new NodeRemoval(this, "NodeRemoval", {
      clusterName: this.clusterName,
      bucketName: this.checkpointBucketName,
      nodes: this._nodes,
      desiredState: desiredState?.resource,
    });
    this.createOutput(settings);
  }

  private createAuthorities(props: FlinkClusterProps, settings: ClusterSettings): IClusterAuthorities {
    const { clusterName, terminationProtection, tags } = settings;
    if (!props.privateAuthorities) {
      return new ClusterAuthorities(this, "Authorities", { clusterName, terminationProtection, tags });
    }
    const { privateAuthorities: authorities } = props;
    const { certificateValidity } = settings;
    return new PrivateClusterAuthorities(this, "PrivateAuthorities", { authorities, certificateValidity });
  }

  /**
   * Lets a peer call the REST API and the web UI, beside the members of `clientSecurityGroupId`.
   *
   * @param peer who may call
   * @param description why, 1 to 255 characters of those that AWS allows in a rule's description
   */
  public allowClientsFrom(peer: Peer, description: string): void {
    this.firewall.allowClientsFrom(peer, description);
  }

  /**
   * Lets a role do what the command line does for whoever operates the cluster: `status`, `wait`, `certificate`, `ui`,
   * `flink`, `sql` and `logs` of a node. Whoever takes the role may submit jobs, and so run code of their own on the cluster.
   * It may change nothing of the cluster in AWS, so that `replace` and a deploy need more. Tunnels lead through machines
   * alone whose tag `FlinkCluster.CLIENT_TAG` is the cluster's name. Naming a role twice changes nothing.
   *
   * @param roleName name of an IAM role of this account, without its path: 1 to 64 letters, digits and `+=,.@_-`; never the
   *   role of jobs or of the machines
   */
  public grantOperate(roleName: string): void {
    checkInputOf(this, () => this.requireRoleOfPeople(roleName));
    const id = `Operate-${idOf(this, roleName)}`;
    if (this.node.tryFindChild(id)) return;
    new OperatorPolicy(this, id, { ...this.operated, roleName });
  }

  /**
   * Lets jobs read something, and neither write nor delete it.
   *
   * @param source what, such as `bucket.prefix("orders/")` of a `DataBucket`; nothing of it may be what jobs write
   */
  public readFrom(source: IReadScope): void {
    checkInputOf(this, () => this.dataFlow.read(source));
  }

  /**
   * Lets jobs write something. Of reading it allows only what a sink's own protocol needs: of files, its own prefix.
   *
   * @param sink what, such as `bucket.prefix("enriched/")` of a `DataBucket`; nothing of it may be what jobs read
   */
  public writeTo(sink: IWriteScope): void {
    checkInputOf(this, () => this.dataFlow.write(sink));
  }

  /**
   * Lets jobs read and write one and the same thing. A job that goes wrong can then spoil what it reads: prefer two.
   *
   * @param store what, such as `bucket.prefix("scratch/")` of a `DataBucket`
   */
  public readWrite(store: IReadWriteScope): void {
    checkInputOf(this, () => this.dataFlow.readWrite(store));
  }

  /**
   * Has the machines ship their logs, once for a cluster.
   *
   * @internal
   */
  public _shipLogs(request: LogShippingRequest): LogShipping {
    LogShipping.check(request, this.shipping);
    const { path, sink } = request;
    const words = { what: "logs", moveIt: "set another indexPrefix", moveJobs: "give jobs other indices" };
    const apart = sink ? this.dataFlow.keepFromJobs({ ...words, path, sink }) : [];
    this.software.addLogShipping();
    const requirements = [...request.requirements, ...apart];
    this.logs = new LogShipping(this, "Logs", { ...this.shipping, request: { ...request, requirements } });
    return this.logs;
  }

  /**
   * Has the machines ship their metrics, once for a cluster.
   *
   * @internal
   */
  public _shipMetrics(request: MetricsShippingRequest): MetricsShipping {
    MetricsShipping.check(request, this.shipping);
    const { path, schema: sink } = request;
    const words = { what: "metrics", moveIt: "set another schemaName", moveJobs: "give jobs another schema" };
    const apart = sink ? this.dataFlow.keepFromJobs({ ...words, path, sink }) : [];
    this.software.addMetricsShipping();
    const requirements = [...request.requirements, ...apart];
    this.metrics = new MetricsShipping(this, "Metrics", { ...this.shipping, request: { ...request, requirements } });
    return this.metrics;
  }

  /**
   * Before anything is made or compared for the second one.
   * @internal
   */
  public _refuseSecondWayOf(what: "logs" | "metrics", path: string): void {
    const known = what === "logs" ? this.logs : this.metrics;
    if (!known) return;
    refuse({
      property: "source",
      value: `the construct ${this.node.path}`,
      allowed: `a cluster whose ${what} go nowhere yet, and ${known.path} has them`,
      remedy: `leave out one of ${known.path} and ${path}`,
    });
  }

  private requireRoleOfPeople(roleName: string): void {
    if (!isTextToken(roleName)) requireRoleName("roleName", roleName);
    if (roleName !== this.jobRoleName && roleName !== this.nodeRoleName) return;
    refuse({
      property: "roleName",
      value: withReferences(this, roleName),
      allowed: "a role of people: with that of jobs, or of the machines, every job could give out certificates",
      remedy: "name the role that your operators take",
    });
  }

  /** Two clusters of one name would overwrite each other's recovery metadata where they share a bucket. */
  private refuseTwin(): void {
    const twin = this.node.root.node
      .findAll()
      .find(
        (other) =>
          other instanceof FlinkCluster &&
          other !== this &&
          other.clusterName === this.clusterName &&
          other.checkpointBucketName === this.checkpointBucketName,
      );
    if (!twin) return;
    refuse({
      property: "clusterName",
      value: this.clusterName,
      allowed: `a name that no other cluster beside this bucket has, and ${twin.node.path} has it`,
      remedy: "give one of the two another clusterName",
    });
  }

  /** Whoever has a certificate of an authority passes for a node, or an operator, of every cluster that trusts it. */
  private refuseSharedAuthorities({ privateAuthorities }: FlinkClusterProps): void {
    if (!privateAuthorities) return;
    const { nodeAuthorityArn, clientAuthorityArn } = privateAuthorities;
    const others = this.node.root.node.findAll().filter((each) => each instanceof FlinkCluster && each !== this);
    for (const [name, arn] of Object.entries({ nodeAuthorityArn, clientAuthorityArn })) {
      const owner = (others as FlinkCluster[]).find((one) =>
        [one.nodeAuthorityArn, one.clientAuthorityArn].some(
          (other) => withReferences(one, other) === withReferences(this, arn),
        ),
      );
      if (!owner) continue;
      refuse({
        property: `privateAuthorities.${name}`,
        value: arn,
        allowed: `an authority that no other cluster has, and ${owner.node.path} has it`,
        remedy: "name another authority, below which no other cluster's is",
      });
    }
  }

  private createNodes(
    props: FlinkClusterProps,
    settings: ClusterSettings,
    parts: { role: ClusterRole; volumeKeyArn: string; imageId: string; claim: ITerraformDependable },
  ): void {
    const aws = AwsAccount.of(this);
    const { role, volumeKeyArn, imageId, claim } = parts;
    const { network, checkpointBucket } = props;
    settings.nodes.forEach((node, index) => {
      const zone = index % network.subnetIds.length;
      const flinkNode = new FlinkNode(this, `Node${index + 1}`, {
        identity: {
          cluster: this.clusterName,
          node: node.name,
          bucket: checkpointBucket.bucketName,
          softwareBucket: (props.softwareBucket ?? checkpointBucket).bucketName,
          region: aws.region,
          dnsSuffix: aws.dnsSuffix,
        },
        host: node.host,
        privateZoneId: network.privateZoneId,
        subnetId: network.subnetIds[zone],
        availabilityZone: network.availabilityZones[zone],
        securityGroupIds: [this.nodeSecurityGroupId, ...settings.additionalSecurityGroupIds],
        instanceProfileName: role.instanceProfile.name,
        instanceType: settings.instanceType.name,
        imageId,
        volumeKeyArn,
        dataVolumeSize: settings.dataVolumeSize,
        terminationProtection: settings.terminationProtection,
        tags: settings.tags,
        dependsOn: [claim, ...role.permissions],
      });
      this._nodes.push(flinkNode);
    });
  }

  /** One output per cluster, named after it. */
  private createOutput(settings: ClusterSettings): void {
    const output = new TerraformOutput(this, "Output", {
      description: `The Flink cluster ${settings.clusterName}`,
      value: {
        cluster_name: this.clusterName,
        region: AwsAccount.of(this).region,
        checkpoint_bucket: this.checkpointBucketName,
        node_names: this.nodeNames,
        node_hosts: this.nodeHosts,
        rest_addresses: this.restAddresses,
        checkpoints: this.checkpointsUri,
        savepoints: this.savepointsUri,
        job_role_name: this.jobRoleName,
        node_role_name: this.nodeRoleName,
        node_security_group_id: this.nodeSecurityGroupId,
        client_security_group_id: this.clientSecurityGroupId,
        wait_command: `npx cdktf-flink wait --cluster ${this.clusterName} --region ${AwsAccount.of(this).region}`,
        node_authority_arn: this.nodeAuthorityArn,
        client_authority_arn: this.clientAuthorityArn,
      },
    });
    output.overrideLogicalId(settings.clusterName);
  }
}
