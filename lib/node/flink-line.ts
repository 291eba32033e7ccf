import type { DesiredState } from "./desired-state";
import type { NodeReport } from "./report";

/** Of a version such as `2.2.1`: `2.2`. */
export function lineOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Exact version of Flink that a desired state names; nothing where it names none. */
export function flinkVersionOf(state: Pick<DesiredState, "software"> | undefined): string | undefined {
  return state?.software.find(({ name }) => name === "flink")?.version;
}

/** Line of Flink that a node runs, or is about to run, by its report; nothing before that says so. */
export function reportedLine({ software }: Pick<NodeReport, "software">): string | undefined {
  const flink = software.find((title) => title.startsWith("flink "));
  return flink && lineOf(flink.slice("flink ".length));
}

/** Whether Flink of the second line reads savepoints of the first: its own, and upwards within one major version. */
export function readsSavepointsOf(from: string, to: string): boolean {
  const [[fromMajor, fromMinor], [toMajor, toMinor]] = [from, to].map((line) => line.split(".").map(Number));
  return fromMajor === toMajor && fromMinor <= toMinor;
}
