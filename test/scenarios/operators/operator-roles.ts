import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import { OperatorPolicy } from "../../../lib/cluster/operator-policy";
import { AwsAccount } from "../../../lib/core/terraform/aws-account";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import type { StorageStack } from "../../../stacks/storage-stack";

/** Whom the cluster lets be operated. */
export const OPERATORS_ROLE = "lab-operators";
/** Of people of the same account whom nobody named. */
export const VISITORS_ROLE = "lab-visitors";
/** Of people who operate another cluster of the same account and bucket. */
export const OTHERS_ROLE = "lab-operators-of-others";
/** What a test gave to people who are not the cluster's. */
export const FOREIGN_ROLES: readonly string[] = [VISITORS_ROLE, OTHERS_ROLE];
const OTHER_CLUSTER = "others";

/** Roles that people of the account take: those who operate the cluster, and two that may not. */
export function addOperatorRoles(streaming: StreamingStack, { checkpoints }: StorageStack): void {
  const scope = new Construct(streaming, "people");
  const { rootArn } = AwsAccount.of(scope);
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "People", Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: rootArn } }],
  });
  for (const name of [OPERATORS_ROLE, ...FOREIGN_ROLES]) new IamRole(scope, name, { name, assumeRolePolicy });
  const nameOf = (role: string) => (scope.node.findChild(role) as IamRole).name;
  streaming.flink.grantOperate(nameOf(OPERATORS_ROLE));
  new OperatorPolicy(scope, "others-policy", {
    ...{ clusterName: OTHER_CLUSTER, checkpointBucket: checkpoints, roleName: nameOf(OTHERS_ROLE) },
    // It is about what they may do with this cluster's clients.
    authorities: {
      nodeAuthorityArn: "",
      clientAuthorityArn: "",
      service: "kms",
      machineStatements: [],
      operatorStatements: [],
    },
  });
}
