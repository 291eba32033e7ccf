import { type PlannedPolicy, policiesOf } from "./planned-policies";
import { comparePolicies, statementsOf } from "./policies";
import { isKnownLater, isSame, isSensitive, shownAttribute, shownText } from "./shown-value";
import type { ResourceChange } from "./terraform-plan";

/** What somebody may more, or less, than before. */
export interface PermissionChange {
  readonly address: string;
  /** Whose permissions: such as the name of the role. */
  readonly of: string;
  readonly widens: boolean;
  /** One sentence without a full stop. */
  readonly what: string;
}

const NAMES = [
  "function_name",
  "role",
  "user",
  "group",
  "name",
  "bucket",
  "description",
  "service_name",
  "policy_name",
  "arn",
];

/** Types that hang a policy that stands elsewhere on somebody, in `policy_arn`. */
const ATTACHMENTS = [
  "aws_iam_group_policy_attachment",
  "aws_iam_role_policy_attachment",
  "aws_iam_user_policy_attachment",
];

const BOUNDED = ["aws_iam_role", "aws_iam_user"];
const BOUNDARY = "permissions_boundary";

/** How the policies of a plan differ from those that are there. */
export function permissionChanges(changes: readonly ResourceChange[]): readonly PermissionChange[] {
  return changes
    .filter(({ action }) => action !== "none" && action !== "forget")
    .flatMap((change) => {
      if (ATTACHMENTS.includes(change.type)) return attachment(change);
      return [...policiesOf(change.type).flatMap((policy) => compare(change, policy)), ...boundary(change)];
    });
}

function attachment(change: ResourceChange): readonly PermissionChange[] {
  const { address, action } = change;
  const about = { address, of: shownText(ownerOf(change)) };
  const policy = (when: "before" | "after"): string => shownAttribute(change, "policy_arn", when);
  return [
    ...(action === "delete" ? [] : [{ ...about, widens: true, what: `has the policy ${policy("after")}` }]),
    ...(action === "create" ? [] : [{ ...about, widens: false, what: `no longer has the policy ${policy("before")}` }]),
  ];
}

/** Without its boundary a role may all that its policies say. */
function boundary(change: ResourceChange): readonly PermissionChange[] {
  const { address, type, action, before, after } = change;
  if (!BOUNDED.includes(type) || (action !== "update" && action !== "replace")) return [];
  const isUnknown = isKnownLater(change, BOUNDARY);
  const [old, next] = [before[BOUNDARY] ?? "", after[BOUNDARY] ?? ""];
  if (!isUnknown && isSame(old, next)) return [];
  const about = { address, of: shownText(ownerOf(change)) };
  const [was, is] = [shownAttribute(change, BOUNDARY, "before"), shownAttribute(change, BOUNDARY, "after")];
  if (next === "" && !isUnknown)
    return [{ ...about, widens: true, what: `no longer has the permissions boundary ${was}` }];
  if (old === "") return [{ ...about, widens: false, what: `has the permissions boundary ${is}` }];
  return [{ ...about, widens: true, what: `has the permissions boundary ${is} in place of ${was}` }];
}

function compare(change: ResourceChange, { attributes, textOf }: PlannedPolicy): readonly PermissionChange[] {
  const { address, action } = change;
  const told = (widens: boolean, what: string): PermissionChange => ({
    ...{ address, of: shownText(ownerOf(change)) },
    ...{ widens, what: shownText(what) },
  });
  const [before, after] = [textOf(change, "before"), textOf(change, "after")];
  const unknown = action === "delete" ? [] : attributes.filter((attribute) => isKnownLater(change, attribute));
  const isUnknown = unknown.length > 0;
  if (!isUnknown && isSame(before, after)) return [];
  if (attributes.some((attribute) => isSensitive(change, attribute)))
    return [told(true, "its policy changes, and the plan hides it")];
  if (isUnknown) {
    // What nobody says AWS tells: a default that is there from the start.
    const isSaid =
      !change.isInProgram || unknown.some((attribute) => attribute in change.references || attribute in change.after);
    return isSaid ? [told(true, `its policy is known after the apply only: look at ${address} in the program`)] : [];
  }
  const [old, next] = [before, after].map((policy) => (policy === undefined ? [] : statementsOf(policy)));
  if (!old || !next) return [told(true, "its policy changes, and cannot be read")];
  return comparePolicies(old, next).map(({ widens, what }) => told(widens, what));
}

function ownerOf(change: ResourceChange): string {
  const values = { ...change.before, ...change.after };
  const known = NAMES.find((name) => typeof values[name] === "string" && !isSensitive(change, name));
  if (known !== undefined) return values[known] as string;
  const reference = ["role", "bucket", "arn"].map((name) => change.references[name]).find((each) => each !== undefined);
  return reference ?? change.address;
}
