import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { Fn, Op } from "cdktf";
import { Construct } from "constructs";

/** What the resource that needs the role is held back by, as long as the account has none. */
export interface RolePrecondition {
  readonly condition: unknown;
  readonly errorMessage: string;
}

/**
 * By this role Amazon OpenSearch Service puts network interfaces into subnets. There is one per account, made once by
 * whoever makes the first domain: a program that made it would fail where it is, and take it from others when it goes.
 * Accounts that had the service under its former name have the role under that name.
 */
export function requireServiceLinkedRole(scope: Construct): RolePrecondition {
  const { names } = new DataAwsIamRoles(scope, "ServiceLinkedRoles", {
    pathPrefix: "/aws-service-role/",
    nameRegex: "^AWSServiceRoleForAmazon(OpenSearch|Elasticsearch)Service$",
  });
  return {
    condition: Op.gte(Fn.lengthOf(names), 1),
    errorMessage:
      "The account has no service-linked role of Amazon OpenSearch Service, without which it makes no domain in a network: make it once with aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com, and plan again.",
  };
}
