import type { DirectorySpec, FileSpec, SoftwareItem, UnitSpec, UserSpec } from "./desired-state";

/** What of the nodes of a cluster is there for the shipping of what they tell of themselves. */
export interface ShippingLayout<Spec> {
  /** What the agent does for it; absent: nothing. */
  readonly spec?: Spec;
  readonly software: readonly SoftwareItem[];
  readonly users: readonly UserSpec[];
  readonly directories: readonly DirectorySpec[];
  readonly files: readonly FileSpec[];
  /** In the order in which they start, after all others. */
  readonly units: readonly UnitSpec[];
  /** Files of one node alone. */
  filesOf(node: { readonly name: string; readonly host: string }): readonly FileSpec[];
}

/** That of a cluster that ships nothing. */
export const NO_SHIPPING: ShippingLayout<never> = {
  ...{ software: [], users: [], directories: [], files: [], units: [] },
  filesOf: () => [],
};
