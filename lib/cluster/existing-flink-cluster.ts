import { Construct } from "constructs";
import { CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, stateUri } from "../core/bucket-layout";
import { checkInputOf } from "../core/terraform/refusals";
import { isTextToken, isToken } from "../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf } from "../core/validation";
import { isPrivateCa } from "../core/private-ca/private-ca-arn";
import { requireKeyArn } from "../encryption/key-checks";
import { requirePrivateCaArn } from "../encryption/private-authorities";
import { requireSecurityGroupId } from "../network/peer";
import { requireBucketName } from "../storage/storage-checks";
import { requireClusterName } from "./cluster-name";
import { FlinkClusterBase } from "./flink-cluster-base";
import { FlinkClusterAttributes } from "./i-flink-cluster";
import { requireRoleName } from "./role-name";

const REST_ADDRESS = /^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[1-9]\d{0,4})?$/;

const ATTRIBUTES: OptionNames<FlinkClusterAttributes> = {
  clusterName: true,
  restAddresses: true,
  clientSecurityGroupId: true,
  jobRoleName: true,
  checkpointBucketName: true,
  nodeAuthorityArn: true,
  clientAuthorityArn: true,
};

/** A cluster of another stack or program. Nothing of it is changed. */
export class ExistingFlinkCluster extends FlinkClusterBase {
  public readonly clusterName: string;
  public readonly restAddresses: string[];
  public readonly clientSecurityGroupId: string;
  public readonly jobRoleName: string;
  public readonly checkpointsUri: string;
  public readonly savepointsUri: string;
  public readonly nodeAuthorityArn: string;
  public readonly clientAuthorityArn: string;

  public constructor(scope: Construct, id: string, attributes: FlinkClusterAttributes) {
    super(scope, id);
    checkInputOf(this, () => checkAttributes(attributes));
    const { clusterName, restAddresses, clientSecurityGroupId, jobRoleName, checkpointBucketName } = attributes;
    const { nodeAuthorityArn, clientAuthorityArn } = attributes;
    this.clusterName = clusterName;
    this.restAddresses = [...restAddresses];
    this.clientSecurityGroupId = clientSecurityGroupId;
    this.jobRoleName = jobRoleName;
    this.nodeAuthorityArn = nodeAuthorityArn;
    this.clientAuthorityArn = clientAuthorityArn;
    this.checkpointsUri = stateUri(checkpointBucketName, CHECKPOINTS_PREFIX, clusterName);
    this.savepointsUri = stateUri(checkpointBucketName, SAVEPOINTS_PREFIX, clusterName);
  }
}

function checkAttributes(attributes: FlinkClusterAttributes): void {
  requireOptionsOf("attributes", attributes, ATTRIBUTES);
  const { clusterName, restAddresses, clientSecurityGroupId, jobRoleName, checkpointBucketName } = attributes;
  if (!isTextToken(clusterName)) requireClusterName("clusterName", clusterName);
  requireRestAddresses(restAddresses);
  requireSecurityGroupId("clientSecurityGroupId", clientSecurityGroupId);
  if (!isTextToken(jobRoleName)) requireRoleName("jobRoleName", jobRoleName);
  requireBucketName("checkpointBucketName", checkpointBucketName);
  requireAuthorities(attributes);
}

function requireAuthorities({ nodeAuthorityArn, clientAuthorityArn }: FlinkClusterAttributes): void {
  requireAuthorityArn("nodeAuthorityArn", nodeAuthorityArn);
  requireAuthorityArn("clientAuthorityArn", clientAuthorityArn);
  const known = [nodeAuthorityArn, clientAuthorityArn].every((arn) => !isToken(arn));
  if (!known || isPrivateCa(nodeAuthorityArn) === isPrivateCa(clientAuthorityArn)) return;
  refuse({
    property: "clientAuthorityArn",
    value: clientAuthorityArn,
    allowed: "of the same kind as nodeAuthorityArn: both a KMS key, or both an authority of AWS Private CA",
    remedy: "take both from the output of the program that has the cluster",
  });
}

function requireAuthorityArn(property: string, arn: unknown): void {
  if (typeof arn === "string" && isPrivateCa(arn)) requirePrivateCaArn(property, arn);
  else requireKeyArn(property, arn);
}

function requireRestAddresses(addresses: unknown): void {
  const isList = Array.isArray(addresses) && addresses.length > 0;
  if (isList && isToken(addresses)) return;
  if (isList && addresses.every((each) => isTextToken(each) || (typeof each === "string" && REST_ADDRESS.test(each))))
    return;
  refuse({
    property: "restAddresses",
    value: addresses,
    allowed: "a list of one or more base URLs of JobManagers, each https",
    remedy: 'use for example ["https://node-1.orders.flink.internal:8081"]',
  });
}
