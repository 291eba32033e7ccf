import { Problem } from "../software/problem";

/** What Terraform would do with a resource; `replace`: delete and create, in either order. */
export type PlannedAction = "none" | "create" | "update" | "delete" | "replace" | "forget";

/** Attributes of a resource by name. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a plan would do with one resource, as far as it is judged here. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly action: PlannedAction;
  /** As it is; nothing where it is not there yet. */
  readonly before: Attributes;
  /** As it will be; nothing where it goes. What only the apply tells is not in it. */
  readonly after: Attributes;
  /** What only the apply tells: true in place of each such value. */
  readonly unknown: unknown;
  /** What must not be shown, in the same form. */
  readonly sensitive: { readonly before: unknown; readonly after: unknown };
  /** Attributes for which it is replaced; none where somebody asked for that. */
  readonly replacedFor: readonly string[];
  /** Addresses that the program names in an attribute, by the attribute. */
  readonly references: Readonly<Record<string, string>>;
  /** Whether the plan has what the program says of it: only then an attribute that it does not have was not said. */
  readonly isInProgram: boolean;
  /** Address that the state has it by until then, where the plan moves it. */
  readonly movedFrom?: string;
  /** Whether the plan takes one into the state that is there already. */
  readonly isImported: boolean;
}

/** Something that Terraform does beside making resources, as its `action` blocks say, such as to stop a machine. */
export interface ActionInvocation {
  /** Such as `action.aws_ec2_stop_instance.it`. */
  readonly address: string;
  readonly type: string;
}

/** A saved plan, as `terraform show -json` prints it. */
export interface TerraformPlan {
  /** Resources that are left alone are in it too; data sources are not. */
  readonly changes: readonly ResourceChange[];
  readonly invocations: readonly ActionInvocation[];
  /** Names of the outputs that would have other values, or may have. */
  readonly changedOutputs: readonly string[];
  /** What was changed since the last apply by somebody else, as the plan found it. */
  readonly changedOutside: readonly ResourceChange[];
  /** Whether it brings all to what the program says: not where it was made with `-target`. */
  readonly isComplete: boolean;
}

/** One sentence for whatever is not what was asked for. */
const HOW = "give what `terraform show -json <saved plan>` prints";
const ACTIONS: Readonly<Record<string, PlannedAction>> = {
  "no-op": "none",
  read: "none",
  create: "create",
  update: "update",
  delete: "delete",
  "delete,create": "replace",
  "create,delete": "replace",
  forget: "forget",
  // The one that was is left alone, and Terraform loses sight of it.
  "create,forget": "replace",
};

/** Of `count` and `for_each`, which the program does not have in an address. */
const INSTANCE_KEY = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g;

interface ShownChange {
  readonly address?: unknown;
  readonly type?: unknown;
  readonly mode?: unknown;
  readonly previous_address?: string;
  readonly change?: {
    readonly actions?: readonly string[];
    readonly before?: Attributes | null;
    readonly after?: Attributes | null;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly unknown[])[];
    readonly importing?: object;
  };
}

interface ShownModule {
  readonly resources?: readonly {
    readonly address?: string;
    readonly expressions?: Readonly<Record<string, unknown>>;
  }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ShownModule }>>;
}

interface ShownInvocation {
  readonly address?: unknown;
  readonly type?: unknown;
}

interface ShownPlan {
  readonly format_version?: unknown;
  readonly terraform_version?: unknown;
  readonly planned_values?: unknown;
  readonly values?: unknown;
  readonly resource_changes?: readonly ShownChange[];
  readonly resource_drift?: readonly ShownChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions?: readonly string[] }>>;
  /** Since Terraform 1.14. */
  readonly action_invocations?: readonly ShownInvocation[];
  readonly configuration?: { readonly root_module?: ShownModule };
  readonly complete?: boolean;
  readonly errored?: boolean;
}

/**
 * Reads a plan. What is none, or is not understood whole, is no plan that was judged: it is refused.
 *
 * @param name what the plan is called where it is refused
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlan(text: string, name: string): TerraformPlan {
  if (text.trim() === "") throw new Problem(`${name} is empty, as where Terraform failed: ${HOW}`);
  const plan = parse(text, name);
  if (typeof plan.format_version !== "string" || plan.planned_values === undefined) {
    throw new Problem(`${name} is no plan${plan.values === undefined ? "" : ", but a state"}: ${HOW}`);
  }
  if (!plan.format_version.startsWith("1.")) {
    throw new Problem(
      `${name} has format_version ${plan.format_version}, and 1 alone is known here: update cdktf-flink`,
    );
  }
  if (plan.errored === true) throw new Problem(`${name} is of a plan that Terraform could not finish: mend that first`);
  const references = new Map(referencesOf(plan.configuration?.root_module));
  return {
    changes: (plan.resource_changes ?? [])
      .filter(({ mode }) => mode !== "data")
      .map((change) => asChange(change, references, name)),
    invocations: (plan.action_invocations ?? []).map(({ address, type }) => ({
      ...{ address: String(address), type: String(type) },
    })),
    changedOutputs: Object.entries(plan.output_changes ?? {}).flatMap(([output, { actions }]) =>
      actions?.join() === "no-op" ? [] : [output],
    ),
    changedOutside: (plan.resource_drift ?? []).map((change) => asChange(change, references, name)),
    isComplete: plan.complete !== false,
  };
}

function parse(text: string, name: string): ShownPlan {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    // The parser's own words would show a piece of the text, and a plan may hold secrets.
    const what = text.startsWith("PK") ? "is a saved plan itself" : "is no JSON";
    throw new Problem(`${name} ${what}: ${HOW}`);
  }
  if (typeof plan !== "object" || plan === null) throw new Problem(`${name} is no plan: ${HOW}`);
  return plan;
}

function asChange(
  { address, type, previous_address: movedFrom, change }: ShownChange,
  references: ReadonlyMap<string, Readonly<Record<string, string>>>,
  name: string,
): ResourceChange {
  const actions = change?.actions?.join(",") ?? "";
  if (typeof address !== "string" || typeof type !== "string" || !(actions in ACTIONS)) {
    throw new Problem(
      `${name} does with ${String(address)} what is not known here (${actions || "nothing"}): update cdktf-flink`,
    );
  }
  const named = references.get(address.replace(INSTANCE_KEY, ""));
  return {
    ...{ address, type, action: ACTIONS[actions] },
    before: change?.before ?? {},
    after: change?.after ?? {},
    unknown: change?.after_unknown,
    sensitive: { before: change?.before_sensitive, after: change?.after_sensitive },
    replacedFor: [...new Set((change?.replace_paths ?? []).map(([attribute]) => String(attribute)))],
    references: named ?? {},
    isInProgram: named !== undefined,
    movedFrom,
    isImported: change?.importing !== undefined,
  };
}

/** What a module and those below it name, by the addresses that resources have in the program. */
function referencesOf(module: ShownModule = {}, path = ""): [string, Readonly<Record<string, string>>][] {
  const { resources = [], module_calls: calls = {} } = module;
  return [
    ...resources.map(({ address = "", expressions = {} }): [string, Readonly<Record<string, string>>] => [
      `${path}${address}`,
      Object.fromEntries(
        Object.entries(expressions).flatMap(([attribute, expression]) => {
          const named = namedIn(expression);
          return named === undefined ? [] : [[attribute, `${path}${named}`]];
        }),
      ),
    ]),
    ...Object.entries(calls).flatMap(([name, call]) => referencesOf(call.module, `${path}module.${name}.`)),
  ];
}

/** The address that an expression names, or one of the blocks in it. */
function namedIn(expression: unknown): string | undefined {
  if (typeof expression !== "object" || expression === null) return undefined;
  const { references } = expression as { references?: readonly string[] };
  // The attribute of the resource comes first, and the resource itself after it.
  if (Array.isArray(references)) return references.at(-1) as string | undefined;
  return Object.values(expression)
    .map(namedIn)
    .find((named) => named !== undefined);
}
