import { desiredStateKey } from "../core/bucket-layout";
import { LARGEST_STATE_BYTES, type DesiredState } from "../node/desired-state";
import { PORTS } from "../node/ports";
import { readStoredObject } from "../node/stored-object";
import { isMissing, s3Problem } from "../software/bucket";
import { nodeStatuses, type ClusterBucket, type NodeStatus } from "../software/node-status";
import { Problem } from "../software/problem";

/** Where a node answers for the whole cluster. */
export interface RestNode {
  /** Such as `orders-node-1`. */
  readonly name: string;
  /** Fully qualified; its certificate has it. */
  readonly host: string;
  readonly port: number;
}

/** What somebody who operates a cluster has to know of it. */
export interface OperatedCluster {
  readonly cluster: string;
  readonly state: DesiredState;
  /** All of the cluster, those that are well first. */
  readonly nodes: readonly RestNode[];
}

/** Whom to ask first. */
const ORDER: readonly NodeStatus["verdict"][] = ["healthy", "outdated", "unhealthy", "starting", "rolling", "unknown"];

/** A cluster as its bucket tells of it. */
export async function operatedCluster(from: ClusterBucket): Promise<OperatedCluster> {
  const state = await desiredState(from);
  const verdicts = new Map(
    (await nodeStatuses(from, namesOf(state))).map(({ node, verdict }) => [node, ORDER.indexOf(verdict)] as const),
  );
  const rank = ({ name }: RestNode): number => {
    const found = verdicts.get(name) ?? -1;
    return found < 0 ? ORDER.length : found;
  };
  const nodes = state.nodes.map(({ name, host }) => ({ name, host, port: PORTS.jobManagerRest.port }));
  return { cluster: from.cluster, state, nodes: nodes.sort((one, other) => rank(one) - rank(other)) };
}

/** The node of a name; of `node-2`, the one whose name ends so. */
export function nodeNamed({ cluster, nodes }: OperatedCluster, name: string): RestNode {
  const found = nodes.find((node) => node.name === name || node.name === `${cluster}-${name}`);
  if (found) return found;
  const names = nodes.map((node) => node.name).sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  throw new Problem(`${cluster} has no node ${name}: name one of ${names.join(", ")}`);
}

async function desiredState({ client, bucket, cluster }: ClusterBucket): Promise<DesiredState> {
  const key = desiredStateKey(cluster);
  let text: string;
  try {
    text = Buffer.from((await readStoredObject(client, bucket, key, LARGEST_STATE_BYTES)).bytes).toString("utf8");
  } catch (failure) {
    if (!isMissing(failure)) throw s3Problem(bucket, `reading ${key}`, failure);
    throw new Problem(
      `the bucket ${bucket} holds no desired state of a cluster named ${cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
    );
  }
  const state = parse(text);
  if (state?.schemaVersion !== 1 || namesOf(state).length === 0) {
    throw new Problem(
      `${key} in the bucket ${bucket} has a form that this version of cdktf-flink does not know: use the version that applied it`,
    );
  }
  return state as DesiredState;
}

function namesOf({ nodes }: Partial<DesiredState>): string[] {
  return nodes instanceof Array ? nodes.map(({ name }) => name) : [];
}

function parse(text: string): Partial<DesiredState> | undefined {
  try {
    return JSON.parse(text) as Partial<DesiredState>;
  } catch {
    return undefined;
  }
}
