import { isSame } from "./shown-value";

/** A statement of a policy, each part as a list. */
export interface Statement {
  readonly sid?: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Such as `AWS arn:aws:iam::123456789012:root`; none in a policy of an identity. */
  readonly principals: readonly string[];
  readonly condition?: unknown;
}

/** What becomes of one statement. */
export interface StatementChange {
  /** Whether somebody may more by it than before, or may for all that is known. */
  readonly widens: boolean;
  /** One sentence without a full stop. */
  readonly what: string;
}

type Lists = "actions" | "resources" | "principals";
/** Before what is named by `NotAction`, `NotResource` or `NotPrincipal`. */
const ALL_BUT = "all but ";
const LISTS: readonly Lists[] = ["actions", "resources", "principals"];

/** The statements of a policy; nothing where it is none that can be read. */
export function statementsOf(policy: string): readonly Statement[] | undefined {
  let document: { readonly Statement?: unknown };
  try {
    document = JSON.parse(policy) as typeof document;
  } catch {
    return undefined;
  }
  const statements = listed<Record<string, unknown>>(document?.Statement);
  return statements.map((statement) => ({
    sid: statement.Sid as string | undefined,
    effect: String(statement.Effect),
    actions: [...texts(statement.Action), ...texts(statement.NotAction).map(allBut)],
    resources: [...texts(statement.Resource), ...texts(statement.NotResource).map(allBut)],
    principals: [...principalsOf(statement.Principal), ...principalsOf(statement.NotPrincipal).map(allBut)],
    condition: statement.Condition,
  }));
}

/** How a policy differs from the one before it; the order of what is in it means nothing. */
export function comparePolicies(before: readonly Statement[], after: readonly Statement[]): readonly StatementChange[] {
  const unchanged = (one: Statement, others: readonly Statement[]): boolean =>
    others.some((other) => isSame(sorted(one), sorted(other)));
  const [gone, come] = [
    before.filter((statement) => !unchanged(statement, after)),
    after.filter((statement) => !unchanged(statement, before)),
  ];
  const pairOf = (one: Statement, others: readonly Statement[]): Statement | undefined =>
    others.find(({ sid, effect }) => sid !== undefined && sid === one.sid && effect === one.effect);
  return [
    ...come.flatMap((statement) => {
      const pair = pairOf(statement, gone);
      return pair ? changesWithin(pair, statement) : [appeared(statement)];
    }),
    ...gone.filter((statement) => !pairOf(statement, come)).map(disappeared),
  ];
}

function appeared(statement: Statement): StatementChange {
  const allows = statement.effect === "Allow";
  return { widens: allows, what: `${allows ? "allows" : "denies"} ${describe(statement)}` };
}

function disappeared(statement: Statement): StatementChange {
  const allowed = statement.effect === "Allow";
  return { widens: !allowed, what: `no longer ${allowed ? "allows" : "denies"} ${describe(statement)}` };
}

function changesWithin(before: Statement, after: Statement): StatementChange[] {
  const allows = after.effect === "Allow";
  const name = after.sid === undefined ? "" : ` (${after.sid})`;
  const lists = LISTS.flatMap((list) => {
    const [more, less] = [without(after[list], before[list]), without(before[list], after[list])];
    // One more that is left out narrows an allowance and one less widens it, and all but some are more than some.
    const areTurned = (names: readonly string[]): boolean => names.some((each) => each.startsWith(ALL_BUT));
    return [
      ...(more.length > 0
        ? [{ widens: allows || areTurned(more), what: `${verb(allows)} the ${list} ${more.join(", ")} too${name}` }]
        : []),
      ...(less.length > 0
        ? [
            {
              widens: !allows || areTurned(less),
              what: `no longer ${verb(allows)} the ${list} ${less.join(", ")}${name}`,
            },
          ]
        : []),
    ];
  });
  if (isSame(before.condition, after.condition)) return lists;
  // Whether a condition is wider than another takes more than a look at it.
  return [...lists, { widens: true, what: `${verb(allows)} under other conditions: ${conditionOf(after)}${name}` }];
}

function verb(allows: boolean): string {
  return allows ? "allows" : "denies";
}

function describe(statement: Statement): string {
  const { actions, resources, principals, condition, sid } = statement;
  const who = principals.length > 0 ? ` to ${principals.join(", ")}` : "";
  const on = resources.length > 0 ? ` on ${resources.join(", ")}` : "";
  const name = sid === undefined ? "" : ` (${sid})`;
  return `${actions.join(", ")}${on}${who}${condition === undefined ? "" : `, where ${conditionOf(statement)}`}${name}`;
}

function conditionOf({ condition }: Statement): string {
  return condition === undefined ? "none" : JSON.stringify(condition);
}

function sorted({ sid, effect, condition, ...lists }: Statement): unknown {
  return { sid, effect, condition, lists: LISTS.map((list) => [...lists[list]].sort()) };
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  return all.filter((each) => !others.includes(each));
}

function principalsOf(principal: unknown): readonly string[] {
  if (principal === undefined || principal === null) return [];
  if (typeof principal === "string") return [principal];
  return Object.entries(principal).flatMap(([kind, names]) => texts(names).map((name) => `${kind} ${name}`));
}

function allBut(text: string): string {
  return `${ALL_BUT}${text}`;
}

function texts(value: unknown): readonly string[] {
  return listed<unknown>(value).map(String);
}

function listed<T>(value: unknown): readonly T[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as T[];
}
