import type { DesiredState } from "../../desired-state";
import { flinkVersionOf, lineOf, readsSavepointsOf } from "../../flink-line";
import { inputsOfUnits } from "../unit-inputs";
import { ZOOKEEPER_UNIT } from "../../zookeeper-service";

/**
 * Why nodes that run the one state never take over the other, which has another line of Flink, one sentence without a full
 * stop; nothing where they will. What carries them over, and back where that fails, must be the same before and after.
 */
export function whyNotToLine(running: DesiredState, wanted: DesiredState): string | undefined {
  const [from, to] = [running, wanted].map((state) => flinkVersionOf(state)!);
  const what = `it has Flink ${to} and the cluster runs ${from}`;
  if (losesState(running, wanted) && !wanted.allowStateLoss) {
    return `${what}: Flink ${lineOf(to)} reads no savepoint of ${lineOf(from)}; undo the change, make a cluster of Flink ${lineOf(to)} beside this one, or set allowStateLoss, with which all jobs begin anew`;
  }
  const other = otherThanFlink(running, wanted);
  if (other === undefined) return undefined;
  return `${what}, and it changes ${other} too: deploy all but the version first, and the version when the nodes run that`;
}

/** Whether no job of the one state can go on from its savepoint on the other, as their lines of Flink are. */
export function losesState(running: DesiredState, wanted: DesiredState): boolean {
  const [from, to] = [running, wanted].map((state) => lineOf(flinkVersionOf(state)!));
  return !readsSavepointsOf(from, to);
}

function otherThanFlink(running: DesiredState, wanted: DesiredState): string | undefined {
  if (running.agent.sha256 !== wanted.agent.sha256 || running.nodeJs.sha256 !== wanted.nodeJs.sha256) {
    return "the program of the nodes (the release of cdktf-flink)";
  }
  const [names, newNames] = [running, wanted].map(({ nodes }) => nodes.map(({ name }) => name).join(" "));
  if (names !== newNames) return "the number of nodes";
  const isOtherZooKeeper = running.nodes.some(
    (node, index) =>
      inputsOfUnits(running, node).get(ZOOKEEPER_UNIT) !==
      inputsOfUnits(wanted, wanted.nodes[index]).get(ZOOKEEPER_UNIT),
  );
  return isOtherZooKeeper ? "ZooKeeper" : undefined;
}
