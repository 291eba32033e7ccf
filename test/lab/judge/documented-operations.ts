import { PolicyLayer, StatementName } from "./policies";

/** A statement that no run of the lab uses, and why it is there all the same. */
export interface DocumentedOperation {
  readonly layer: PolicyLayer;
  readonly sid: string;
  /** What needs it. */
  readonly operation: string;
  /** Where that is written. */
  readonly document: string;
}

/**
 * Statements of our own policies that nothing in a session of the lab uses: services of AWS that the emulator does not
 * play, and what is only there to refuse. Everything else that is never used is too much, and is to be removed.
 */
export const DOCUMENTED_OPERATIONS: readonly DocumentedOperation[] = [
  {
    ...{ layer: "bucket", sid: "DenyInsecureTransport" },
    operation: "refuses what does not come over TLS; the lab's S3 has no port without it",
    document: "Amazon S3 User Guide, Security best practices: Enforce encryption of data in transit",
  },
  {
    ...{ layer: "bucket", sid: "DenyForeignAccounts" },
    operation: "refuses principals of other accounts; the lab has one account",
    document: "IAM User Guide, AWS global condition context keys: aws:PrincipalAccount",
  },
  {
    ...{ layer: "bucket", sid: "DenyDeletion" },
    operation: "keeps software from being deleted, by whomever",
    document: "Amazon S3 User Guide, Bucket policies for Amazon S3",
  },
  {
    ...{ layer: "bucket", sid: "DenyOverwriting" },
    operation: "keeps software from being written over, by whomever",
    document: "Amazon S3 User Guide, Enforce conditional writes on Amazon S3 buckets",
  },
  {
    ...{ layer: "bucket", sid: "AccessLogDelivery" },
    operation: "S3 delivers access logs into the log bucket; the emulator delivers none",
    document: "Amazon S3 User Guide, Enabling Amazon S3 server access logging: Permissions for log delivery",
  },
  {
    ...{ layer: "identity", sid: "WriteFolderItself" },
    operation: "a job in batch mode asks whether the folder that it writes to is a file; the lab's jobs stream",
    document: "Apache Hadoop, S3A: getFileStatus asks for the object by the path's own name first",
  },
  {
    ...{ layer: "key", sid: "CloudWatchLogs" },
    operation: "CloudWatch Logs encrypts the flow logs' group; the emulator writes none",
    document: "Amazon CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using AWS KMS",
  },
  {
    ...{ layer: "trust", sid: "FlowLogsOfThisAccount" },
    operation: "VPC Flow Logs takes the role that it delivers with; the emulator has no flow logs",
    document: "Amazon VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs",
  },
  {
    ...{ layer: "identity", sid: "WriteToLogGroup" },
    operation: "VPC Flow Logs writes to its log group; the emulator has no flow logs",
    document: "Amazon VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs",
  },
  ...[
    { sid: "LookAtNetwork", operation: "AWS Lambda looks for the subnets and network interfaces of a function" },
    {
      sid: "NetworkInterfaces",
      operation: "AWS Lambda makes the network interfaces of a function, and takes them away",
    },
  ].map(({ sid, operation }) => ({
    ...{ layer: "identity" as const, sid, operation: `${operation}; the emulator does so by itself` },
    document: "AWS Lambda Developer Guide, Giving Lambda functions access to resources in an Amazon VPC",
  })),
  {
    ...{ layer: "identity", sid: "Log" },
    operation: "AWS Lambda writes the log of a function; the emulator keeps none",
    document: "AWS Lambda Developer Guide, Sending Lambda function logs to CloudWatch Logs",
  },
  {
    ...{ layer: "key", sid: "AccountAdministration" },
    operation:
      "the account administers a key that no role of ours uses (flow logs; volumes, which EC2 encrypts in the name of who launches a machine)",
    document: "AWS KMS Developer Guide, Default key policy: Allows access to the AWS account and enables IAM policies",
  },
];

/** The same of one action, where the statement's others are used. */
export interface DocumentedAction extends DocumentedOperation {
  readonly action: string;
}

const BROKEN_UPLOADS = {
  operation: "takes the parts of an upload back that failed",
  document: "Amazon S3 User Guide, Uploading and copying objects using multipart upload: API and permissions",
};

export const DOCUMENTED_ACTIONS: readonly DocumentedAction[] = [
  { layer: "identity", sid: "FlinkState", action: "s3:AbortMultipartUpload", ...BROKEN_UPLOADS },
  { layer: "identity", sid: "WriteFiles", action: "s3:AbortMultipartUpload", ...BROKEN_UPLOADS },
  {
    ...{ layer: "identity", sid: "FlinkState", action: "s3:ListMultipartUploadParts" },
    operation:
      "stores state of 16 MiB and more in one file, as test/lab/long/orders-enrichment.test.ts does: the plugin for checkpoints lists the parts of an upload before the first one",
    document: "AWS SDK for Java 1, com.amazonaws.services.s3.transfer.internal.UploadCallable",
  },
  {
    ...{ layer: "identity", sid: "EndOwnSessions", action: "ssm:ResumeSession" },
    operation: "goes on with a tunnel whose connection broke; the lab's stand-in for the plugin has none that breaks",
    document: "AWS Systems Manager API Reference, ResumeSession",
  },
  {
    ...{ layer: "identity", sid: "Reports", action: "s3:GetObject" },
    operation: "reads what the other nodes report before it lets itself be changed; a cluster of one node has none",
    document: "docs/rolling-change.md of this library, What happens",
  },
];

/** What needs an action that was never used; undefined where nothing is known to. */
export function operationOfAction({ layer, sid }: StatementName, action: string): DocumentedAction | undefined {
  return DOCUMENTED_ACTIONS.find((one) => one.layer === layer && one.sid === sid && one.action === action);
}

/** What needs a statement that was never used; undefined where nothing is known to. */
export function operationOf({ layer, sid }: StatementName): DocumentedOperation | undefined {
  return DOCUMENTED_OPERATIONS.find((one) => one.layer === layer && one.sid === sid);
}
