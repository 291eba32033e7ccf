import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { desiredStateKey, ROLL_EVENTS_PREFIX, rollLockKey } from "../../lib/core/bucket-layout";
import type { DesiredState } from "../../lib/node/desired-state";
import { RollEvent, RollLockRecord } from "../../lib/node/roll";
import { waitFor } from "../lab/wait-for";
import { Deployment, DeploymentSettings } from "./deployment";
import { SessionNode } from "./flink-session";
import { DownWatch } from "./down-watch";
import { LeaderWatch } from "./leader-watch";
import { desiredStateHash, readReports } from "./node-reports";

const MINUTE = 60_000;
/** Far beyond what a roll of three nodes takes: what is measured is printed, and never asserted. */
const PATIENCE_MINUTES = 15;

/** One change of each kind that a running cluster takes over by starting its processes anew. */
export const ROLLING_CHANGES: readonly { readonly what: string; readonly settings: Partial<DeploymentSettings> }[] = [
  { what: "slots", settings: { numberOfTaskSlots: 7 } },
  { what: "a Flink key", settings: { flinkConfiguration: { "rest.flamegraph.enabled": "true" } } },
  { what: "restart strategy", settings: { restartDelaySeconds: 5 } },
];

/** Taken over by processes that go on. After it Flink logs no elections any more. */
export const QUIET_CHANGE = { what: "log level", settings: { logLevel: "WARN" } } as const;

/** A change with which no process of Flink starts: a value that Flink reads at once, and the library does not know. */
export const BREAKING_CHANGE: Partial<DeploymentSettings> = {
  flinkConfiguration: { "cluster.io-pool.size": "many" },
};

/** How one rolling change went. */
export interface RollRecord {
  readonly what: string;
  /** From the apply until every node ran it. */
  readonly seconds: number;
  /** In the order in which they were changed: from the taking of the lock to its release. */
  readonly nodes: readonly { readonly node: string; readonly seconds: number }[];
  /** Nodes that led, one after the other, from before the roll until after it. */
  readonly leaders: readonly string[];
  readonly samples: number;
  /** The largest number of nodes that were down at one moment. */
  readonly mostDown: number;
}

/** Changes settings through Terraform, and waits until every node has taken them over. */
export async function rollChange(
  deployment: Deployment,
  nodes: readonly SessionNode[],
  what: string,
  settings: Partial<DeploymentSettings>,
): Promise<RollRecord> {
  return measureRoll(deployment, nodes, what, async () => {
    await deployment.change(settings);
    await deployment.waitUntilHealthy(PATIENCE_MINUTES);
  });
}

/** Watches the nodes and who leads during a roll that `act` sets off and waits for. */
export async function measureRoll(
  deployment: Deployment,
  nodes: readonly SessionNode[],
  what: string,
  act: () => Promise<void>,
): Promise<RollRecord> {
  // The units are those that the nodes report.
  const units = (await readReports(deployment)).map((report) => [report.node, report.units.map(({ name }) => name)]);
  const downWatch = DownWatch.start(nodes, new Map(units as [string, string[]][]));
  const leaderWatch = await LeaderWatch.start(() => readReports(deployment));
  const since = Date.now();
  try {
    await act();
  } catch (error) {
    // What went wrong first is told, whatever the others say then.
    await Promise.allSettled([downWatch.stop(), leaderWatch.stop()]);
    throw error;
  }
  const { samples, mostDown } = await downWatch.stop();
  const leaders = await leaderWatch.stop();
  const seconds = (Date.now() - since) / 1000;
  const sha256 = await desiredStateHash(deployment);
  const all = await readRollEvents(deployment);
  requireTurns(all);
  const events = all.filter(({ time, change }) => change.sha256 === sha256 && Date.parse(time) >= since);
  return { what, seconds, nodes: secondsPerNode(events), leaders, samples, mostDown };
}

/** Does what must stop the roll, and waits until it has stopped and its node runs what it ran before. */
export async function rollUntilItStops(
  deployment: Deployment,
  nodes: readonly SessionNode[],
  what: string,
  act: () => Promise<void>,
): Promise<StoppedRollRecord> {
  let lock: RollLockRecord | undefined;
  const record = await measureRoll(deployment, nodes, what, async () => {
    await act();
    const sha256 = await desiredStateHash(deployment);
    lock = await waitFor(
      async () => {
        const found = await readRollLock(deployment);
        return found?.phase === "failed" && found.change?.sha256 === sha256 && found;
      },
      { timeout: 2 * PATIENCE_MINUTES * MINUTE, interval: 1000, what: "the roll to stop" },
    );
  });
  return { ...record, lock: lock! };
}

export interface StoppedRollRecord extends RollRecord {
  /** As it was when the roll had stopped. */
  readonly lock: RollLockRecord;
}

/** Writes a desired state whose agent is a part that nobody has published. */
export async function wishForMissingPart(deployment: Deployment): Promise<void> {
  const Key = desiredStateKey(deployment.output.cluster_name);
  const state = (await readJson<DesiredState>(deployment, Key))!;
  const sha256 = "0".repeat(64);
  const agent = { ...state.agent, sha256, key: state.agent.key.replace(state.agent.sha256, sha256) };
  const s3 = deployment.lab.s3();
  const Body = JSON.stringify({ ...state, agent });
  await s3.send(new PutObjectCommand({ Bucket: deployment.bucket, Key, Body, ContentType: "application/json" }));
}

export async function readRollLock(deployment: Deployment): Promise<RollLockRecord | undefined> {
  return readJson<RollLockRecord>(deployment, rollLockKey(deployment.output.cluster_name));
}

/** Events of all rolls, oldest first. */
export async function readRollEvents(deployment: Deployment): Promise<RollEvent[]> {
  const Prefix = `${ROLL_EVENTS_PREFIX}${deployment.output.cluster_name}/`;
  const { Contents } = await deployment.lab.s3().send(new ListObjectsV2Command({ Bucket: deployment.bucket, Prefix }));
  const events = await Promise.all(
    (Contents ?? []).map(async ({ Key }) => (await readJson<RollEvent>(deployment, Key!))!),
  );
  return events.sort((a, b) => (a.time < b.time ? -1 : 1));
}

/** From the taking of the lock to its release, or to the node's own end of it where the roll stopped. */
export function secondsPerNode(events: readonly RollEvent[]): RollRecord["nodes"] {
  return events
    .filter(({ what }) => what === "started")
    .map(({ node, time, generation }) => {
      const last = events.filter((event) => event.node === node && event.generation === generation).at(-1)!;
      return { node, seconds: (Date.parse(last.time) - Date.parse(time)) / 1000 };
    });
}

/** Fails where a node began before the one before it was well again, or nothing was stopped there. */
export function requireTurns(events: readonly RollEvent[]): void {
  const open = new Map<number, { readonly node: string; isApplied: boolean }>();
  for (const { node, what, generation, time } of events) {
    if (what === "started") {
      for (const before of open.values()) {
        throw new Error(`${node} began at ${time}, when ${before.node} was not done yet`);
      }
      open.set(generation, { node, isApplied: false });
      continue;
    }
    const turn = open.get(generation);
    if (!turn) continue;
    if (what === "applied") turn.isApplied = true;
    // Where it was taken over already, the node goes back first.
    else if (what !== "failed" || !turn.isApplied) open.delete(generation);
  }
}

/** Fails unless each node was changed once, whoever led before as the last, and the leadership moved once only. */
export function requireOrder({ what, nodes, leaders }: RollRecord, all: readonly { readonly name: string }[]): void {
  const changed = nodes.map(({ node }) => node);
  const names = all.map(({ name }) => name).sort();
  if ([...changed].sort().join() !== names.join()) {
    throw new Error(`${what}: ${changed.join(", ")} were changed and not each of ${names.join(", ")} once`);
  }
  if (changed.at(-1) !== leaders[0]) {
    throw new Error(`${what}: ${leaders[0]} led, and ${changed.at(-1)} was the last of ${changed.join(", ")}`);
  }
  // One node alone leads again.
  if (leaders.length !== Math.min(2, all.length)) {
    throw new Error(`${what}: the leadership went by ${leaders.join(", ")}, and was to move once`);
  }
}

/** How often a roll ended well on the node of which it did so the least often. */
export function fewestHealthy(events: readonly RollEvent[], nodes: readonly { readonly name: string }[]): number {
  const times = ({ name }: { readonly name: string }) =>
    events.filter(({ node, what }) => node === name && what === "healthy").length;
  return Math.min(...nodes.map(times));
}

/** One row of a table for people. */
export function tellRoll(roll: RollRecord): Record<string, string | number> {
  const { what, seconds, nodes, leaders, samples, mostDown } = roll;
  const short = (node: string) => node.replace(/^.*-node-/, "");
  const each = nodes.map(({ node, seconds: one }) => `${short(node)}: ${one.toFixed(0)} s`);
  return {
    ...{ change: what, seconds: Math.round(seconds), nodes: each.join(", "), leaders: leaders.map(short).join(", ") },
    ...{ samples, "most down at once": mostDown },
  };
}

async function readJson<T>(deployment: Deployment, Key: string): Promise<T | undefined> {
  try {
    const { Body } = await deployment.lab.s3().send(new GetObjectCommand({ Bucket: deployment.bucket, Key }));
    return JSON.parse(await (Body as { transformToString(): Promise<string> }).transformToString()) as T;
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}
