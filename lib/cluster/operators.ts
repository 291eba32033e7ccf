import { Construct } from "constructs";
import { isTextToken, withReferences } from "../core/terraform/text";
import { refuse } from "../core/validation";
import { idOf } from "../network/rule-id";
import { OperatorPolicy, OperatorPolicyProps } from "./operator-policy";
import { requireRoleName } from "./role-name";

/** The roles of people who may operate a cluster. */
export class Operators {
  /**
   * @param cluster in which they are made
   * @param operated what they operate
   * @param ownRoleNames of the roles of the cluster itself, which are nobody's to operate it
   */
  public constructor(
    private readonly cluster: Construct,
    private readonly operated: Omit<OperatorPolicyProps, "roleName">,
    private readonly ownRoleNames: readonly string[],
  ) {}

  /** Lets a role operate the cluster. Naming a role twice changes nothing. */
  public let(roleName: string): void {
    this.requireRoleOfPeople(roleName);
    const id = `Operate-${idOf(this.cluster, roleName)}`;
    if (this.cluster.node.tryFindChild(id)) return;
    new OperatorPolicy(this.cluster, id, { ...this.operated, roleName });
  }

  private requireRoleOfPeople(roleName: string): void {
    if (!isTextToken(roleName)) requireRoleName("roleName", roleName);
    if (!this.ownRoleNames.includes(roleName)) return;
    refuse({
      property: "roleName",
      value: withReferences(this.cluster, roleName),
      allowed: "a role of people: with that of jobs, or of the machines, every job could give out certificates",
      remedy: "name the role that your operators take",
    });
  }
}
