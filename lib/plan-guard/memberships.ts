import { nameTag } from "./clusters";
import { SecurityGroups } from "./security-groups";
import { isSensitive, SENSITIVE, shownText } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** A security group into which something is put that stands already. */
export interface Membership {
  readonly address: string;
  /** Such as the name of a machine. */
  readonly member: string;
  readonly group: string;
  /** Whether its rules may be others' than the plan's, so that nobody knows here what they let in and out. */
  readonly isOfOthers: boolean;
}

/** Where a type says of which groups it is a member: the way to the list. */
const GROUPS: Readonly<Record<string, readonly (readonly string[])[] | undefined>> = {
  aws_db_instance: [["vpc_security_group_ids"]],
  aws_instance: [["vpc_security_group_ids"], ["security_groups"]],
  aws_lambda_function: [["vpc_config", "security_group_ids"]],
  aws_msk_cluster: [["broker_node_group_info", "security_groups"]],
  aws_network_interface: [["security_groups"]],
  aws_network_interface_sg_attachment: [["security_group_id"]],
  aws_opensearch_domain: [["vpc_options", "security_group_ids"]],
  aws_vpc_endpoint: [["security_group_ids"]],
};

/** The groups that a plan puts something into. Of what it makes itself they are known after the apply only, or ours. */
export function newMemberships(changes: readonly ResourceChange[]): readonly Membership[] {
  const groups = new SecurityGroups(changes);
  const ofPlan = new Set(changes.filter(({ type }) => type === "aws_security_group").map(({ before }) => before.id));
  return changes
    .filter(({ action }) => action === "create" || action === "update" || action === "replace")
    .flatMap((change) =>
      (GROUPS[change.type] ?? []).flatMap(([attribute, ...rest]) => {
        const [before, after] = (["before", "after"] as const).map((when) =>
          textsAt(change[when], [attribute, ...rest]),
        );
        const isHidden = isSensitive(change, attribute);
        return after
          .filter((id) => !before.includes(id))
          .map((id) => ({
            address: change.address,
            member: shownText(nameTag(change, "after") ?? change.address),
            group: isHidden ? SENSITIVE : shownText(groups.named(id)),
            isOfOthers: !ofPlan.has(id),
          }));
      }),
    );
}

/** Texts at the end of a way through blocks, of which each is in a list. */
function textsAt(value: unknown, way: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => textsAt(each, way));
  const [name, ...rest] = way;
  if (name === undefined) return typeof value === "string" ? [value] : [];
  return typeof value === "object" && value !== null ? textsAt((value as Attributes)[name], rest) : [];
}
