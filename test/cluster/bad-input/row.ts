import { TerraformStack } from "cdktf";
import { Duration, FlinkCluster, FlinkClusterProps } from "../../../lib";
import { Synthesized, testStack } from "../../support/synth";
import { cluster as clusterOfThree } from "../support";

/** One input of the library, and what becomes of values that are handed to it. */
export interface Row {
  /** As `publicInputs` names it; what it is about where there is more than one row of an input. */
  readonly input: string;
  readonly about?: string;
  /** Name by which a refusal calls it. */
  readonly named: string;
  /** Hands the value to the library. */
  readonly give: (stack: TerraformStack, value: never) => unknown;
  /** Values that are taken; `COMMON` ones that are not in it are refused. */
  readonly takes: readonly unknown[];
  /** Values that are refused beside those of `COMMON`. */
  readonly refuses?: readonly unknown[];
  /** A refusal may name one of its entries instead. */
  readonly isMap?: boolean;
  /** Whether leaving it out is refused. */
  readonly required?: boolean;
  /** The value as Terraform reads it in what was synthesized. */
  readonly reads?: (synthesized: Synthesized) => unknown;
  /** Only what the row names is tried: the framework of constructs does not refuse in our words. */
  readonly own?: boolean;
}

/** As small as it gets, for the sake of time: what is tried does not depend on the number of nodes. */
export const cluster = (stack: TerraformStack, given: Partial<FlinkClusterProps> = {}, id?: string): FlinkCluster =>
  clusterOfThree(stack, { nodeCount: 1, ...given }, id);

/** Makes what stands in a stack once, for calls that refuse before they change anything. */
export function once<T>(make: (stack: TerraformStack) => T): () => T {
  let made: T | undefined;
  return () => (made ??= make(testStack("throwaway")));
}

export type Given = Omit<Row, "input" | "named" | "give">;

export const duration = (min: Duration, max: Duration): Pick<Row, "takes" | "refuses"> => ({
  takes: [min, max],
  refuses: [Duration.millis(min.toMilliseconds() - 1), Duration.millis(max.toMilliseconds() + 1), "10 s"],
});

export const whole = (min: number, max: number): Pick<Row, "takes" | "refuses"> => ({
  takes: [min, max],
  refuses: [min - 1, max + 1, min + 0.5, String(min)],
});

export const enumeration = (values: object): Pick<Row, "takes" | "refuses"> => ({
  takes: Object.values(values),
  refuses: Object.keys(values).filter((name) => !Object.values(values).includes(name)),
});

/** Rows of the properties of a struct; those of `factory` are refused with its name, as there is no construct yet. */
export function props<T>(struct: string, give: (stack: TerraformStack, props: T) => unknown, factory?: string) {
  return (name: keyof T & string, row: Given, more: Partial<T> = {}): Row => ({
    input: `${struct}.${name}`,
    named: factory === undefined ? name : `${name} of ${factory}`,
    give: (stack, value) => give(stack, { ...more, [name]: value } as T),
    ...row,
  });
}

/** Whether it passes for options of which none is given. */
export function isEmptyOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
