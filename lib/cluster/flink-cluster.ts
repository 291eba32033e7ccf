import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct, IConstruct } from "constructs";
import { ITerraformDependable, Lazy } from "cdktf";
import { CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, stateUri } from "../core/bucket-layout";
import { CLIENT_TAG } from "../core/client-tag";
import { AwsAccount } from "../core/terraform/aws-account";
import { dependOn } from "../core/terraform/depend-on";
import { checkInputOf } from "../core/terraform/refusals";
import { escapeTerraformText } from "../core/terraform/text";
import { IReadScope, IReadWriteScope, IWriteScope } from "../dataflow/scope";
import { requireUniqueName } from "../dataflow/unique-name";
import { ClusterAuthorities, IClusterAuthorities } from "../encryption/cluster-authorities";
import { PrivateClusterAuthorities } from "../encryption/private-cluster-authorities";
import { holdKeyForLife } from "../encryption/key-for-life";
import { tablesOfConnections } from "../node/connections";
import { PORTS } from "../node/ports";
import { ClusterFirewall } from "../network/firewall";
import { Peer } from "../network/peer";
import { holdClusterForLife } from "./cluster-for-life";
import { createNodes } from "./cluster-nodes";
import { createClusterOutput } from "./cluster-output";
import { ClusterRole } from "./cluster-role";
import { ClusterSoftware } from "./cluster-software";
import { checkClusterProps, ClusterSettings } from "./cluster-settings";
import { clusterState } from "./cluster-state";
import { Connections } from "./connections";
import { DataFlow } from "./data-flow";
import { newestDebianImage } from "./debian-image";
import { DesiredStateObject } from "./desired-state-object";
import { refuseSharedAuthorities, refuseTwin } from "./distinct-clusters";
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
import { Operators } from "./operators";
import { RolloutWait } from "./rollout-wait";
import { Shipments } from "./shipments";
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
  private readonly checkpointBucketName: string;
  private readonly operators: Operators;
  private readonly shipments: Shipments;

  public constructor(scope: Construct, id: string, props: FlinkClusterProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkClusterProps(this, props));
    const aws = AwsAccount.of(this);
    const { network, checkpointBucket } = props;
    const softwareBucket = props.softwareBucket ?? checkpointBucket;

    this.clusterName = settings.clusterName;
    this.checkpointBucketName = checkpointBucket.bucketName;
    this.checkpointsUri = stateUri(checkpointBucket.bucketName, CHECKPOINTS_PREFIX, this.clusterName);
    this.savepointsUri = stateUri(checkpointBucket.bucketName, SAVEPOINTS_PREFIX, this.clusterName);
    checkInputOf(this, () => this.refuseAnother(props));
    const claim = new NameClaim(this, "NameClaim", {
      clusterName: this.clusterName,
      checkpointBucketName: this.checkpointBucketName,
      tags: settings.tags,
    });
    const authorities = this.createAuthorities(props, settings);
    this.nodeAuthorityArn = authorities.nodeAuthorityArn;
    this.clientAuthorityArn = authorities.clientAuthorityArn;
    holdClusterForLife(this, {
      settings,
      checkpointBucketName: checkpointBucket.bucketName,
      softwareBucketName: softwareBucket.bucketName,
      nodeAuthorityArn: this.nodeAuthorityArn,
      clientAuthorityArn: this.clientAuthorityArn,
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
    this.operators = new Operators(this, { clusterName: this.clusterName, checkpointBucket, authorities }, [
      this.jobRoleName,
      this.nodeRoleName,
    ]);
    this.firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("sts"));

    const imageId = settings.imageId ?? newestDebianImage(this, settings.instanceType.architecture);
    const beforeState: ITerraformDependable[] = [];
    let desiredState: DesiredStateObject | undefined;
    const software = new ClusterSoftware(this, "Software", {
      software: settings.software,
      version: settings.flink.version,
      architecture: settings.instanceType.architecture,
      bucket: softwareBucket,
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
      software,
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
    this.shipments = new Shipments(this, {
      shipping: {
        ...{ clusterName: this.clusterName, network, firewall: this.firewall, nodeRole: role.role, onPolicy },
        ...{ dataVolumeSize: settings.dataVolumeSize, tags: settings.tags },
        flinkConfiguration: settings.flink.flinkConfiguration,
      },
      dataFlow: this.dataFlow,
      software,
    });
    if (software.isThere) {
      desiredState = new DesiredStateObject(this, "DesiredState", {
        clusterName: this.clusterName,
        state: () =>
          clusterState({
            settings,
            software: software.items(),
            bucketName: checkpointBucket.bucketName,
            s3Endpoint: `https://s3.${aws.region}.${aws.dnsSuffix}`,
            nodeAuthorityArn: this.nodeAuthorityArn,
            clientAuthorityArn: this.clientAuthorityArn,
            jobRoleArn: role.jobRole.arn,
            connections: connections.inputs(),
            logs: software.hasLogShipping ? this.shipments.logs?.input : undefined,
            metrics: software.hasMetricsShipping ? this.shipments.metrics?.input : undefined,
          }),
        checkpointBucket,
        imageId,
        dependsOn: [...beforeState, claim.resource],
      });
    }

    const nodes = createNodes(this, {
      ...{ props, settings, role, volumeKeyArn, imageId, claim: claim.resource },
      securityGroupId: this.nodeSecurityGroupId,
    });
    this._nodes.push(...nodes);
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
      numberOfTaskSlots: settings.flink.numberOfTaskSlots,
      desiredState: desiredState?.resource,
    });
    if (desiredState && !settings.rollout.isDetached) {
      new RolloutWait(this, "Rollout", {
        ...{ cluster: this, clusterName: this.clusterName, bucketName: this.checkpointBucketName },
        ...{ nodeCount: settings.nodes.length, timeout: settings.rollout.timeout },
        desiredState: desiredState.resource,
      });
    }
    createClusterOutput(this, this.checkpointBucketName);
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
    checkInputOf(this, () => this.operators.let(roleName));
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
    return this.shipments.shipLogs(request);
  }

  /**
   * Has the machines ship their metrics, once for a cluster.
   *
   * @internal
   */
  public _shipMetrics(request: MetricsShippingRequest): MetricsShipping {
    return this.shipments.shipMetrics(request);
  }

  /**
   * Before anything is made or compared for the second one.
   * @internal
   */
  public _refuseSecondWayOf(what: "logs" | "metrics", path: string): void {
    this.shipments.refuseSecondWayOf(what, path);
  }

  /** What no other cluster of the program may have as well. */
  private refuseAnother({ privateAuthorities }: FlinkClusterProps): void {
    const isAnother = (each: IConstruct): each is FlinkCluster => each instanceof FlinkCluster && each !== this;
    const others = this.node.root.node.findAll().filter(isAnother);
    refuseTwin(this, others);
    // Its resource group (`NameClaim`), by which the command line finds it, and the aliases of its keys.
    requireUniqueName(this, {
      ...{ property: "clusterName", name: this.clusterName, kind: "Flink cluster" },
      nameOf: (other) => (isAnother(other) ? other.clusterName : undefined),
    });
    if (privateAuthorities) refuseSharedAuthorities(this, privateAuthorities, others);
  }
}
