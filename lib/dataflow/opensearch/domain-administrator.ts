import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { namePrefix, nameTag } from "../../core/terraform/names";
import { allow, policyDocument } from "../../core/terraform/policy";
import { createIamRole } from "../../core/terraform/role";
import { principalRequirements } from "./iam-principal";

export interface DomainAdministratorProps {
  readonly domainName: string;
  readonly domainArn: string;
  /** Of the function that the deploy calls. */
  readonly functionRoleArn: string;
}

/** By name, as a wildcard would take in what the service may call so later. */
const ALL_METHODS = ["Delete", "Get", "Head", "Patch", "Post", "Put"].map((method) => `es:ESHttp${method}`);

/**
 * Who administers OpenSearch itself: a role that nobody is, and that the deploy's function takes on, and people who were
 * named. Sessions of it may do everything in this domain, and nothing else.
 */
export class DomainAdministrator extends Construct {
  public readonly roleArn: string;
  private readonly role: IamRole;
  private readonly domainName: string;
  private readonly holders: string[];

  public constructor(
    scope: Construct,
    id: string,
    { domainName, domainArn, functionRoleArn }: DomainAdministratorProps,
  ) {
    super(scope, id);
    this.domainName = domainName;
    this.holders = [functionRoleArn];
    this.role = createIamRole(this, "Resource", {
      namePrefix: namePrefix(this, 38),
      description: `Administers the OpenSearch domain ${domainName}`,
      assumeRolePolicy: "",
      tags: { Name: nameTag(this) },
    });
    this.trust();
    this.roleArn = this.role.arn;
    new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      name: "administer",
      policy: policyDocument([allow({ sid: "AdministerDomain", actions: ALL_METHODS, resources: [`${domainArn}/*`] })]),
    });
  }

  /** Those who may be it beside the deploy's function. */
  public get people(): readonly string[] {
    return this.holders.slice(1);
  }

  public grantTo(principalArn: string): void {
    if (this.holders.includes(principalArn)) return;
    this.holders.push(principalArn);
    this.trust();
  }

  private trust(): void {
    this.role.assumeRolePolicy = policyDocument([
      { Sid: "Administrators", Effect: "Allow", Principal: { AWS: [...this.holders] }, Action: "sts:AssumeRole" },
    ]);
    const precondition = principalRequirements(`grantAdministration of the domain ${this.domainName}`, this.people);
    this.role.lifecycle = precondition.length > 0 ? { precondition } : undefined;
  }
}
