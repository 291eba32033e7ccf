import { judgePlan, type PlanJudgement } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";

type Values = Readonly<Record<string, unknown>>;

/** One change, in the form in which Terraform shows it. */
export interface ShownChange {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before?: Values;
  readonly after?: Values;
  readonly unknown?: Values;
  readonly replacePaths?: readonly (readonly string[])[];
  readonly sensitive?: { readonly before?: Values; readonly after?: Values };
  readonly movedFrom?: string;
  readonly isImported?: boolean;
  /** What the program names in an attribute, by the attribute. */
  readonly references?: Readonly<Record<string, string>>;
}

/** A plan with these changes, in the form in which Terraform shows it. */
export function shownPlan(changes: readonly ShownChange[], more: Values = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.0",
    planned_values: {},
    resource_changes: changes.map(
      ({ address, actions, before, after, unknown, sensitive, replacePaths, ...state }) => ({
        address,
        previous_address: state.movedFrom,
        mode: address.startsWith("data.") ? "data" : "managed",
        type: typeOf(address),
        change: {
          actions,
          before: before ?? null,
          after: after ?? null,
          after_unknown: unknown ?? {},
          before_sensitive: sensitive?.before ?? false,
          after_sensitive: sensitive?.after ?? {},
          replace_paths: replacePaths,
          importing: state.isImported ? { id: "some-id" } : undefined,
        },
      }),
    ),
    configuration: {
      root_module: {
        resources: changes.map(({ address, references = {} }) => ({
          address,
          expressions: Object.fromEntries(
            Object.entries(references).map(([name, to]) => [name, { references: [`${to}.id`, to] }]),
          ),
        })),
      },
    },
    ...more,
  });
}

/** What is found of such a plan. */
export function judged(changes: readonly ShownChange[], ...allowed: readonly string[]): PlanJudgement {
  return judgePlan(readPlan(shownPlan(changes), "the plan"), allowed);
}

/** The addresses of what is dangerous and not allowed. */
export function dangerousIn({ dangers, isDangerous }: PlanJudgement): readonly string[] {
  const addresses = dangers.filter(({ isAllowed }) => !isAllowed).map(({ address }) => address);
  if (isDangerous !== addresses.length > 0) throw new Error("what is dangerous has dangers, and nothing else");
  return addresses;
}

function typeOf(address: string): string {
  return address.replace(/^data\./, "").split(".")[0];
}
