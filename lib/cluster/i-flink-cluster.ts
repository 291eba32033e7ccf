import { IConstruct } from "constructs";

/** A Flink session cluster: ours or an existing one. */
export interface IFlinkCluster extends IConstruct {
  /**
   * Name of the cluster.
   * @attribute
   */
  readonly clusterName: string;
  /**
   * Base URLs of the JobManagers' REST API and web UI; each of them answers for the whole cluster.
   * @attribute
   */
  readonly restAddresses: string[];
  /**
   * Members of this security group may call the REST API.
   * @attribute
   */
  readonly clientSecurityGroupId: string;
  /**
   * Name of the IAM role of Flink's processes and so of every job: grant it what your jobs read and write. The
   * machines' own role is another one, which no job can use.
   * @attribute
   */
  readonly jobRoleName: string;
  /**
   * Where checkpoints lie, such as `s3p://bucket/checkpoints/orders`.
   * @attribute
   */
  readonly checkpointsUri: string;
  /**
   * Where savepoints lie, such as `s3p://bucket/savepoints/orders`.
   * @attribute
   */
  readonly savepointsUri: string;
  /**
   * ARN of the node authority, a KMS key or an authority of AWS Private CA: who calls the REST API checks that the JobManager's certificate is
   * signed by it.
   * @attribute
   */
  readonly nodeAuthorityArn: string;
  /**
   * ARN of the client authority, of the same kind: who may `kms:Sign` with it, or have it issue, gives out certificates
   * for the REST API.
   * @attribute
   */
  readonly clientAuthorityArn: string;
}

/** What is known of an existing cluster. */
export interface FlinkClusterAttributes {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Base URLs of the JobManagers' REST API, such as `https://node-1.orders.flink.internal:8081`. */
  readonly restAddresses: string[];
  /** Security group whose members may call the REST API. */
  readonly clientSecurityGroupId: string;
  /** Name of the IAM role of Flink's processes: 1 to 64 letters, digits and `+=,.@_-`, without its path. */
  readonly jobRoleName: string;
  /** Name of the checkpoint bucket. */
  readonly checkpointBucketName: string;
  /** ARN of the node authority: of a KMS key, or of an authority of AWS Private CA. */
  readonly nodeAuthorityArn: string;
  /** ARN of the client authority, of the same kind. */
  readonly clientAuthorityArn: string;
}
