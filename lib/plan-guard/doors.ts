import { type FirewallRule, rulesOf } from "./firewall-rules";
import { kindOf } from "./resource-kinds";
import { SecurityGroups } from "./security-groups";
import { isSame, KNOWN_LATER } from "./shown-value";
import type { ResourceChange } from "./terraform-plan";

/** A rule of a security group that comes or goes. */
export interface Door extends Omit<FirewallRule, "hidden"> {
  readonly address: string;
  readonly change: "opens" | "closes";
}

/** All doors that a plan opens or closes; what is the same before and after is neither. */
export function doorsOf(changes: readonly ResourceChange[]): readonly Door[] {
  const groups = new SecurityGroups(changes);
  return changes
    .filter(({ type, action }) => kindOf(type) === "door" && action !== "none" && action !== "forget")
    .flatMap((change) => {
      const { address } = change;
      const [before, after] = (["before", "after"] as const).map((when) => rulesOf(change, when, groups));
      const opened = after.filter((rule) => !before.some((other) => isSameDoor(rule, other)));
      const closed = before.filter((rule) => !after.some((other) => isSameDoor(rule, other)));
      return [
        ...opened.map((rule): Door => ({ address, change: "opens", ...shownOf(rule) })),
        ...closed.map((rule): Door => ({ address, change: "closes", ...shownOf(rule), isForAll: false })),
      ];
    });
}

function shownOf({
  direction,
  group,
  peer,
  ports,
  description,
  isForAll,
}: FirewallRule): Omit<Door, "address" | "change"> {
  return { direction, group, peer, ports, description, isForAll };
}

/** The text of a rule is not the rule, and two that only the apply tells may be two. */
function isSameDoor(one: FirewallRule, other: FirewallRule): boolean {
  const parts = (rule: FirewallRule): readonly string[] => [rule.direction, rule.group, rule.peer, rule.ports];
  return !parts(one).includes(KNOWN_LATER) && isSame(parts(one), parts(other)) && isSame(one.hidden, other.hidden);
}
