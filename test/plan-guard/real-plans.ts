import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, ResourceChange } from "../support/terraform";

/** Plans that Terraform made of one cluster, and what each is of. */
export const REAL_PLANS = {
  first: "the first deployment",
  settings: "another number of slots and another level of logs",
  "larger-machines": "another type of machine",
  "larger-volumes": "larger data volumes",
  "one-node-more": "four nodes in place of three",
  doors: "another peer that may call, and another bucket that jobs may read",
  destroy: "the end of all",
  "one-machine-replaced": "a machine replaced",
  "two-machines-replaced": "two machines replaced",
  "volume-replaced": "a data volume replaced",
  "bucket-replaced": "the checkpoint bucket replaced",
  "newer-image": "no change of the program, but a newer image of Debian",
} as const;

export type RealPlanName = keyof typeof REAL_PLANS;

/** The file of a plan. */
export function realPlanFile(name: RealPlanName): string {
  return join(__dirname, "real-plans", `${name}.json`);
}

/** A plan as `terraform show -json` printed it, without what says nothing of a change. */
export function realPlan(name: RealPlanName): string {
  return readFileSync(realPlanFile(name), "utf8");
}

/** What is left alone is kept where other resources name it, and of it that by which they do. */
const NAMED = ["aws_instance", "aws_security_group"];
const NAMES = ["id", "name", "tags", "instance_type"];
/** Long, and the same for the guard whatever it says. */
const LONG = ["user_data", "user_data_base64"];

interface Configured {
  readonly address: string;
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

/** What is kept of a plan in a file. */
export function slim(plan: Plan): object {
  const { format_version, terraform_version, complete, errored, resource_changes = [], output_changes = {} } = plan;
  const changes = resource_changes.filter(
    ({ type, change }) => !["no-op", "read"].includes(change.actions[0]) || NAMED.includes(type),
  );
  const kept = new Set(changes.map(({ address }) => address));
  const { root_module } = plan.configuration as { root_module: { resources: readonly Configured[] } };
  return {
    ...{ format_version, terraform_version, complete, errored, planned_values: {} },
    resource_changes: changes.map(slimChange),
    output_changes: Object.fromEntries(
      Object.entries(output_changes).filter(([, { actions }]) => actions[0] !== "no-op"),
    ),
    configuration: {
      root_module: {
        resources: root_module.resources
          .filter(({ address }) => kept.has(address))
          .map(({ address, expressions = {} }) => ({ address, expressions: referencesIn(expressions) })),
      },
    },
  };
}

/** What is null says nothing, and what a desired state says is kept where it is compared. */
function slimChange({ address, mode, type, change }: ResourceChange & { readonly mode?: unknown }): object {
  const { actions, before, after } = change;
  const isLeftAlone = actions[0] === "no-op";
  const isCompared = before !== null && after !== null;
  const isKept = ([name, value]: [string, unknown]): boolean =>
    value !== null &&
    !LONG.includes(name) &&
    (name !== "content" || isCompared) &&
    (!isLeftAlone || NAMES.includes(name));
  const kept = (values: typeof before): typeof before =>
    values && Object.fromEntries(Object.entries(values).filter(isKept));
  const marks = isLeftAlone ? {} : change;
  return { ...{ address, mode, type }, change: { ...marks, actions, before: kept(before), after: kept(after) } };
}

function referencesIn(expressions: NonNullable<Configured["expressions"]>): object {
  return Object.fromEntries(
    Object.entries(expressions).flatMap(([name, { references }]) => (references ? [[name, { references }]] : [])),
  );
}
