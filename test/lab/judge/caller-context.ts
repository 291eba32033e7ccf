import { AccountPolicies, EndpointPolicies, RolePolicies } from "./policies";
import { partsOfSession, RoleSession } from "./principals";
import { Question } from "./question";

/** The way that a call took. */
export interface Way {
  readonly from: string;
  readonly tls: boolean;
  /** Absent for what did not go through an endpoint of a network. */
  readonly endpoint?: EndpointPolicies;
}

/** The condition keys that do not depend on the service (IAM User Guide, "AWS global condition context keys"). */
export function callerContext(
  session: RoleSession,
  role: RolePolicies,
  way: Way,
  question: Question,
  resourceAccount: string,
  policies: AccountPolicies,
): Record<string, string | string[]> {
  const { accountId } = partsOfSession(session);
  const now = new Date();
  return {
    "aws:PrincipalAccount": accountId,
    "aws:PrincipalArn": role.arn,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "aws:userid": userIdOf(role, session),
    "aws:ResourceAccount": resourceAccount,
    "aws:RequestedRegion": policies.region,
    // S3 itself speaks TLS to KMS.
    "aws:SecureTransport": String(way.tls || (question.viaService ?? false)),
    "aws:ViaAWSService": String(question.viaService ?? false),
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
    ...tagsOf(role),
    ...(question.viaService ? { "kms:CallerAccount": accountId } : network(way)),
    ...(question.action.startsWith("kms:") && { "kms:CallerAccount": accountId }),
    ...(question.action.startsWith("s3:") && { "s3:ResourceAccount": resourceAccount }),
    ...instance(session, accountId, policies.region),
    // Only of what the function's own code calls (AWS Lambda Developer Guide, "Working with Lambda execution environment credentials").
    ...(session.functionArn !== undefined && { "lambda:SourceFunctionArn": session.functionArn }),
  };
}

/** Who has taken a role: what IAM knows as `aws:userid`. */
export function userIdOf(role: RolePolicies, session: RoleSession): string {
  return `${role.id}:${partsOfSession(session).name}`;
}

function network({ from, endpoint }: Way): Record<string, string> {
  if (!endpoint) return { "aws:SourceIp": from };
  return { "aws:SourceVpce": endpoint.id, "aws:SourceVpc": endpoint.vpcId, "aws:VpcSourceIp": from };
}

/** Only credentials that a machine got from its metadata service say which machine. */
function instance({ instance: source }: RoleSession, accountId: string, region: string): Record<string, string> {
  if (!source) return {};
  return {
    "ec2:SourceInstanceARN": `arn:aws:ec2:${region}:${accountId}:instance/${source.id}`,
    "ec2:RoleDelivery": "2.0",
    "aws:Ec2InstanceSourceVpc": source.vpcId,
    "aws:Ec2InstanceSourcePrivateIPv4": source.address,
  };
}

function tagsOf(role: RolePolicies): Record<string, string> {
  return Object.fromEntries(Object.entries(role.tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value]));
}
