/** One cluster that is put through the scenarios. */
export interface Variant {
  readonly flinkVersion: string;
  readonly nodeCount: number;
  /** Which of the faults: all of them, or those that a line on its way out has to stand. */
  readonly faults: "all" | "first two";
  /** Which machines are rebooted under the job; by default every one in turn. */
  readonly reboots?: "leader";
  /** Whether the cluster is destroyed and created anew beside the same bucket. */
  readonly rebuilds?: boolean;
  /** Whether secrets are searched for in every place, and every port is used under capture: minutes. */
  readonly searches?: boolean;
  /** To another build; and in the long form back again. A roll takes over a minute a node. */
  readonly rolls?: "there" | "there and back";
}

/** Whether every port is used under capture: where there is one node, most are used by nobody. */
export function usesEveryPort({ searches, nodeCount }: Variant): boolean {
  return searches === true && nodeCount > 1;
}

/** The short form is what every run of the tests does. */
const SHORT: readonly Variant[] = [
  { flinkVersion: "2.2", nodeCount: 3, faults: "all", reboots: "leader", rolls: "there" },
];

/** The long form is what `make prove` does, and what docs/records/ tells of. */
const LONG: readonly Variant[] = [
  { flinkVersion: "2.2", nodeCount: 3, faults: "all", rebuilds: true, searches: true, rolls: "there and back" },
  { flinkVersion: "2.3", nodeCount: 3, faults: "all", rebuilds: true, searches: true, rolls: "there and back" },
  { flinkVersion: "2.2", nodeCount: 1, faults: "all", rebuilds: true, searches: true, rolls: "there and back" },
  { flinkVersion: "2.3", nodeCount: 1, faults: "all", rebuilds: true, searches: true, rolls: "there and back" },
  { flinkVersion: "1.20", nodeCount: 3, faults: "first two", rolls: "there" },
];

/** The variants of this run. `PROVE_ONLY=2.3/1` picks one of the long form. */
export function variants(): readonly Variant[] {
  if (process.env.PROVE !== "1") return SHORT;
  const only = process.env.PROVE_ONLY;
  return LONG.filter(({ flinkVersion, nodeCount }) => !only || only === `${flinkVersion}/${nodeCount}`);
}
