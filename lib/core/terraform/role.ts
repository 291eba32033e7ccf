import { IamRole, IamRoleConfig } from "@cdktf/provider-aws/lib/iam-role";
import { Lazy } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { roleRule } from "./role-rules";

/** A role as the rules of its scope say, which may be given later than the role is made. */
export function createIamRole(scope: Construct, id: string, config: IamRoleConfig): IamRole {
  return new IamRole(scope, id, {
    ...config,
    path: rolePath(scope),
    permissionsBoundary: Lazy.stringValue({ produce: () => roleRule(scope, "permissionsBoundaryArn") }),
  });
}

/** The path of a role that stands in the scope; resolved to nothing where no rule says one. */
export function rolePath(scope: IConstruct): string {
  return Lazy.stringValue({ produce: () => roleRule(scope, "path") });
}

/** What stands between `role/` and the role's name in its ARN. */
export function rolePathInArn(scope: IConstruct): string {
  return Lazy.stringValue({ produce: () => (roleRule(scope, "path") ?? "/").slice(1) });
}
