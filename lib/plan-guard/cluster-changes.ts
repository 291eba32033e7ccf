import { findProblem } from "../node/state-problems";
import type { DesiredState } from "../node/desired-state";
import { clusterOfState, nodeOf } from "./clusters";
import { isDown, type MachineChange, machineChanges } from "./machines";
import { type Resize, resizesIn } from "./resizes";
import { type RollForecast, resizeForecast, rollForecast, worstForecast } from "./roll-forecast";
import { awaitedClusters } from "./rollouts";
import { isKnownLater, isSame, isSensitive } from "./shown-value";
import { type StateDifference, stateDifferences } from "./state-difference";
import type { ResourceChange } from "./terraform-plan";
import { type ToldImage, toldImage } from "./told-images";

/** What the nodes of a cluster take over by themselves. */
export interface ClusterRoll extends Pick<RollForecast, "jobRestarts" | "meaning" | "isTogether"> {
  readonly address: string;
  /** Absent where it cannot be told: then the worst is assumed. */
  readonly differences?: readonly StateDifference[];
  /** By unit: the nodes on which it starts anew. Absent as these. */
  readonly startedAnew?: RollForecast["startedAnew"];
}

/** What the apply does to machines and volumes, one node after the other. */
export interface ClusterResize extends Resize, Pick<RollForecast, "jobRestarts" | "meaning"> {}

/** What a plan does to one cluster. */
export interface ClusterChanges {
  readonly cluster: string;
  readonly machines: readonly MachineChange[];
  /** How many nodes it has before the plan, as far as that can be told. */
  readonly nodesBefore: number;
  /** Nodes that are away at once, some of them for ever. */
  readonly nodesDown: readonly string[];
  readonly resize?: ClusterResize;
  readonly roll?: ClusterRoll;
  readonly toldImage?: ToldImage;
  /** Whether the apply waits until the nodes run what they shall, and fails where they do not. */
  readonly isAwaited: boolean;
}

/** Clusters to which a plan does something. */
export function clusterChanges(changes: readonly ResourceChange[]): readonly ClusterChanges[] {
  const machines = machineChanges(changes);
  const rolls = new Map(changes.flatMap(rollOf));
  const images = new Map(changes.flatMap(imageOf));
  const resizes = resizesIn(changes);
  const awaited = awaitedClusters(changes);
  const named = [...machines, ...resizes].map(({ cluster }) => cluster);
  const clusters = new Set([...rolls.keys(), ...images.keys(), ...named, ...awaited]);
  return [...clusters].map((cluster) => {
    const own = machines.filter((machine) => machine.cluster === cluster);
    // By their machines: somebody may have given two of them one name.
    const down = new Map(own.filter(isDown).map(({ machine, node }) => [machine, node]));
    const nodesDown = [...down.values()];
    const nodes = nodesBefore(changes, cluster);
    const resize = resizes.find((each) => each.cluster === cluster);
    return {
      ...{ cluster, machines: own, nodesBefore: nodes, nodesDown, roll: rolls.get(cluster) },
      toldImage: images.get(cluster),
      isAwaited: awaited.includes(cluster),
      ...(resize ? { resize: { ...resize, ...resizeForecast(resize.machines.length, nodes) } } : {}),
    };
  });
}

function nodesBefore(changes: readonly ResourceChange[], cluster: string): number {
  const machines = changes.filter(({ type, before }) => type === "aws_instance" && Object.keys(before).length > 0);
  return machines.filter((machine) => nodeOf(machine)?.cluster === cluster).length;
}

function imageOf(change: ResourceChange): [string, ToldImage][] {
  const told = toldImage(change);
  return told ? [[clusterOfState(change)!, told]] : [];
}

/** A state that is new or goes is taken over by nobody who runs. */
function rollOf(change: ResourceChange): [string, ClusterRoll][] {
  const cluster = clusterOfState(change);
  const { address, action, before, after } = change;
  if (cluster === undefined || (action !== "update" && action !== "replace")) return [];
  const old = stateIn(before.content, cluster);
  if (isKnownLater(change, "content")) return [[cluster, unforeseen(address, old, "is known after the apply only")]];
  if (isSame(before.content, after.content)) return [];
  const next = stateIn(after.content, cluster);
  if (!old || !next) return [[cluster, unforeseen(address, old, "is not of the form that is known here")]];
  const differences = stateDifferences(old, next, isSensitive(change, "content"));
  return [[cluster, { address, differences, ...rollForecast(old, next) }]];
}

function unforeseen(address: string, old: DesiredState | undefined, why: string): ClusterRoll {
  const { jobRestarts, meaning } = worstForecast(old?.nodes.length ?? 3);
  const assumed = old ? meaning : "Processes of Flink on each node start anew, one node after the other.";
  return { address, jobRestarts, meaning: `What the nodes take over ${why}. On the safe side: ${assumed}` };
}

/** A desired state that any of its nodes would take. */
function stateIn(content: unknown, cluster: string): DesiredState | undefined {
  if (typeof content !== "string") return undefined;
  try {
    const state = JSON.parse(content) as DesiredState;
    return findProblem(state, cluster, state.nodes[0].name) === undefined ? state : undefined;
  } catch {
    return undefined;
  }
}
