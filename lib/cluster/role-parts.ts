import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct, IConstruct } from "constructs";
import { policyDocument, PolicyStatement } from "../core/terraform/policy";
import { createIamRole, rolePathInArn } from "../core/terraform/role";

/** Longest prefix of a role's name that Terraform takes. */
const MAX_NAME_PREFIX = 38;

export interface RoleOfClusterProps {
  readonly clusterName: string;
  /** What the role is called after the cluster's name. */
  readonly kind: "node" | "job" | "logs" | "metrics";
  readonly description: string;
  /** Who may take it. */
  readonly trust: PolicyStatement;
  readonly tags: { readonly [key: string]: string };
}

/** How the names of all such roles begin. */
export function roleNamePrefix(clusterName: string, kind: RoleOfClusterProps["kind"]): string {
  return `${clusterName}-${kind}-`.slice(0, MAX_NAME_PREFIX);
}

/** How the part of their ARNs after `role/` begins. */
export function roleArnPrefix(scope: IConstruct, clusterName: string, kind: RoleOfClusterProps["kind"]): string {
  return `${rolePathInArn(scope)}${roleNamePrefix(clusterName, kind)}`;
}

/** A role as all roles of a cluster are, without a policy yet. */
export function createRole(scope: Construct, props: RoleOfClusterProps): IamRole {
  return createIamRole(scope, "Resource", {
    namePrefix: roleNamePrefix(props.clusterName, props.kind),
    description: props.description,
    assumeRolePolicy: policyDocument([props.trust]),
    tags: { ...props.tags },
  });
}

/** The one policy of such a role. */
export function createRolePolicy(
  scope: Construct,
  role: IamRole,
  kind: RoleOfClusterProps["kind"],
  statements: readonly PolicyStatement[],
): IamRolePolicy {
  return new IamRolePolicy(scope, "Policy", {
    role: role.name,
    name: `flink-${kind}`,
    policy: policyDocument(statements),
  });
}
