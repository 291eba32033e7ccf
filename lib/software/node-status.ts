import { createHash } from "node:crypto";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import {
  desiredStateKey,
  reportKey,
  REPORTS_PREFIX,
  clusterPrefix,
  IMAGE_ID_METADATA,
  rollLockKey,
} from "../core/bucket-layout";
import { printable } from "../core/printable";
import { LARGEST_STATE_BYTES, type DesiredState } from "../node/desired-state";
import { type FlinkReport, FRESH_REPORT_SECONDS, type NodeReport } from "../node/report";
import { asNodeReport } from "../node/report-form";
import { MACHINE_CHANGE, MACHINE_LEASE_SECONDS, type RollLockRecord, type RollPhase } from "../node/roll";
import { LARGEST_SHARED_BYTES, readStoredObject, type StoredObject } from "../node/stored-object";
import { isMissing, s3Problem } from "./bucket";
import { Problem } from "./problem";

/**
 * `rolling`: it takes a change over just now; `outdated`: it is well, and runs another desired state; `removed`: it
 * has reported, and the desired state does not name it.
 */
export type NodeVerdict =
  "healthy" | "starting" | "unhealthy" | "rolling" | "outdated" | "silent" | "unknown" | "removed";

/** What is known of one node from outside it. */
export interface NodeStatus {
  readonly node: string;
  readonly verdict: NodeVerdict;
  /** One sentence each, without a full stop; empty when healthy. */
  readonly reasons: readonly string[];
  /** Since when it runs what it runs, ISO 8601 in UTC. */
  readonly since?: string;
  /** Seconds since its last report, by the bucket's clock. */
  readonly reportAgeSeconds?: number;
  readonly report?: NodeReport;
}

/** What is known of a cluster from outside it. */
export interface ClusterStatus {
  readonly cluster: string;
  /** SHA-256 of the desired state in the bucket; absent while there is none. */
  readonly desiredSha256?: string;
  /** Of which image the program makes new machines; absent while that is not known. */
  readonly desiredImageId?: string;
  /** What is wrong with it, one sentence without a full stop; absent where nothing is. */
  readonly desiredProblem?: string;
  /** The lock of the rolling change; absent while there never was one. */
  readonly roll?: RollLockRecord;
  /** Absent where no node has told of it lately. */
  readonly flink?: FlinkStatus;
  readonly nodes: readonly NodeStatus[];
}

/** What Flink says of the cluster, and when it said it. */
export interface FlinkStatus extends FlinkReport {
  /** Name of the node whose JobManager said it: the leader. */
  readonly node: string;
  /** Seconds since then, by the bucket's clock. */
  readonly ageSeconds: number;
}

export interface ClusterBucket {
  readonly client: S3Client;
  readonly bucket: string;
  readonly cluster: string;
}

export interface JudgeOptions {
  /** A report that is older is of a node that is gone; seconds, default 90. */
  readonly freshSeconds?: number;
  /** Whether a node that is healthy on an older desired state will do; default false. */
  readonly allowPending?: boolean;
}

/** What the bucket says that nodes shall run, and be made of. */
interface Desired {
  readonly sha256: string;
  /** Absent where it cannot be read. */
  readonly nodes?: readonly string[];
  readonly imageId?: string;
}

/** What is before the first report, only the machine's console knows. */
const NEVER_REPORTED = "it has not reported yet (status --console tells of its machine and its boot)";

const UNREADABLE = "cannot be read, or names no node";

interface StoredReport {
  readonly report: NodeReport;
  readonly ageSeconds: number;
}

/** The names of all nodes of a cluster that ever reported. */
export async function reportingNodes(from: ClusterBucket): Promise<readonly string[]> {
  const prefix = `${clusterPrefix(REPORTS_PREFIX, from.cluster)}/`;
  const nodes: string[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await from.client.send(
        new ListObjectsV2Command({ Bucket: from.bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key } of page.Contents ?? []) {
        const node = Key?.slice(prefix.length).replace(/\.json$/, "");
        if (node) nodes.push(printable(node));
      }
      token = page.NextContinuationToken;
    } while (token);
  } catch (failure) {
    throw s3Problem(from.bucket, "listing the reports", failure);
  }
  return nodes.sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
}

/**
 * The names of all nodes that the cluster's desired state names. Refuses a cluster that has none: whoever applied its
 * stack has written one, so the name or the bucket is wrong.
 */
export async function desiredNodes(from: ClusterBucket): Promise<readonly string[]> {
  const desired = await desiredState(from);
  if (!desired) {
    throw new Problem(
      `the bucket ${from.bucket} holds no desired state of a cluster named ${from.cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
    );
  }
  if (!desired.nodes) {
    // Terraform wrote it, and does not look at what became of its content.
    throw new Problem(
      `${desiredStateKey(from.cluster)} in the bucket ${from.bucket} ${UNREADABLE}: restore the version of it that Terraform wrote`,
    );
  }
  return desired.nodes;
}

/** The names of all nodes that the cluster has or had: those that its desired state names, then others that reported. */
export async function knownNodes(from: ClusterBucket): Promise<readonly string[]> {
  const [desired, reporting] = await Promise.all([desiredState(from), reportingNodes(from)]);
  const nodes = desired?.nodes ?? [];
  return [...nodes, ...reporting.filter((node) => !nodes.includes(node))];
}

/** Judges the nodes by their newest reports, the desired state as it is now, and how its roll goes. */
export async function clusterStatus(
  from: ClusterBucket,
  nodes: readonly string[],
  options: JudgeOptions = {},
): Promise<ClusterStatus> {
  const [desired, roll, ...reports] = await Promise.all([
    desiredState(from),
    rollLock(from),
    ...nodes.map((node) => storedReport(from, node)),
  ]);
  const desiredSha256 = desired?.sha256;
  const isNamed = (node: string): boolean => desired?.nodes?.includes(node) ?? true;
  const statuses = nodes.map((node, index) =>
    judge(node, reports[index], desiredSha256, { ...options, roll, isNamed: isNamed(node) }),
  );
  const flink = lastOfFlink(statuses.filter(({ verdict }) => verdict !== "silent" && verdict !== "removed"));
  return {
    cluster: from.cluster,
    ...(desired ? { desiredSha256 } : {}),
    ...(desired?.imageId === undefined ? {} : { desiredImageId: desired.imageId }),
    ...(desired && !desired.nodes ? { desiredProblem: `it ${UNREADABLE}` } : {}),
    ...(roll ? { roll } : {}),
    ...(flink ? { flink } : {}),
    nodes: statuses,
  };
}

/**
 * What the leader told last; while the leader changes, two nodes may have, and the newer holds. Whoever is about to take a
 * machine away asks it of silent nodes as well: jobs that ran by their last word are to run again.
 */
export function lastOfFlink(nodes: readonly NodeStatus[]): FlinkStatus | undefined {
  const told = nodes.flatMap(({ node, report, reportAgeSeconds = 0 }) => {
    if (!report?.flink) return [];
    const before = Date.parse(report.reportedAt) - Date.parse(report.flink.lookedAt);
    return [{ ...report.flink, node, ageSeconds: reportAgeSeconds + Math.max(0, Math.round(before / 1000) || 0) }];
  });
  return told.sort((left, right) => left.ageSeconds - right.ageSeconds).at(0);
}

/** The nodes of `clusterStatus`. */
export async function nodeStatuses(
  from: ClusterBucket,
  nodes: readonly string[],
  options: JudgeOptions = {},
): Promise<readonly NodeStatus[]> {
  return (await clusterStatus(from, nodes, options)).nodes;
}

/** Of a format that this version does not know: as if there were none. */
async function rollLock(from: ClusterBucket): Promise<RollLockRecord | undefined> {
  const found = await read(from, rollLockKey(from.cluster));
  const record = found && parseJson<RollLockRecord>(found.bytes);
  if (record?.schemaVersion !== 1) return undefined;
  const isOfNobody = record.change?.kind === MACHINE_CHANGE && found!.ageSeconds > MACHINE_LEASE_SECONDS;
  return isOfNobody ? givenBack(record) : record;
}

/** As its node would give it back: one that wants nothing does not look, and nobody shall wait for that. */
function givenBack({ schemaVersion, generation, since, change, stopped }: RollLockRecord): RollLockRecord {
  if (stopped) return { schemaVersion, generation, phase: "failed", ...stopped };
  return { schemaVersion, generation, owner: null, since, ...(change ? { change } : {}) };
}

/** The newest reports of those nodes that have reported. */
export async function nodeReports(from: ClusterBucket, nodes: readonly string[]): Promise<readonly NodeReport[]> {
  const stored = await Promise.all(nodes.map((node) => storedReport(from, node)));
  return stored.flatMap((each) => (each ? [each.report] : []));
}

/** What the bucket says that the nodes shall run; undefined while there is nothing. */
async function desiredState(from: ClusterBucket): Promise<Desired | undefined> {
  const found = await read(from, desiredStateKey(from.cluster), LARGEST_STATE_BYTES);
  if (!found) return undefined;
  const imageId = found.metadata?.[IMAGE_ID_METADATA];
  return {
    sha256: createHash("sha256").update(found.bytes).digest("hex"),
    nodes: namesIn(found.bytes),
    imageId: imageId === undefined ? undefined : printable(imageId),
  };
}

/** Of the nodes of a desired state. Undefined without any: nobody would be ill, and all would seem to be well. */
function namesIn(bytes: Uint8Array): readonly string[] | undefined {
  const nodes: unknown = parseJson<Partial<DesiredState> | null>(bytes)?.nodes;
  if (!Array.isArray(nodes) || nodes.length === 0) return undefined;
  const names = nodes.map((node: { readonly name?: unknown } | null) => node?.name);
  return names.every((name): name is string => typeof name === "string" && name !== "") ? names : undefined;
}

async function storedReport(from: ClusterBucket, node: string): Promise<StoredReport | undefined> {
  const found = await read(from, reportKey(from.cluster, node));
  if (!found) return undefined;
  // Of a form that is not known it has no version, by which it is judged.
  const report = asNodeReport(parseJson<unknown>(found.bytes)) ?? ({} as NodeReport);
  return { report, ageSeconds: found.ageSeconds };
}

/**
 * What is not JSON is an empty object. Its texts reach a terminal; a
 * certificate does not, and keeps its lines.
 */
function parseJson<T>(bytes: Uint8Array): T {
  const forTerminal = (key: string, value: unknown): unknown =>
    typeof value === "string" && key !== "nodeAuthority" ? printable(value) : value;
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"), forTerminal) as T;
  } catch {
    return {} as T;
  }
}

async function read(
  from: ClusterBucket,
  key: string,
  largestBytes = LARGEST_SHARED_BYTES,
): Promise<StoredObject | undefined> {
  try {
    return await readStoredObject(from.client, from.bucket, key, largestBytes);
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    throw s3Problem(from.bucket, `reading ${key}`, failure);
  }
}

/** Nodes whose machines were made of another image than the program names: they go on as they are until they are replaced. */
export function nodesBehind({ nodes, desiredImageId }: ClusterStatus): readonly string[] {
  if (desiredImageId === undefined) return [];
  return nodes
    .filter(({ verdict, report }) => {
      const imageId = verdict === "removed" ? undefined : report?.imageId;
      return imageId !== undefined && imageId !== desiredImageId;
    })
    .map(({ node }) => node);
}

/** Says how a node is, from what it reported, how long ago, and what it should run. */
export function judge(
  node: string,
  stored: StoredReport | undefined,
  desiredSha256: string | undefined,
  options: JudgeOptions & { readonly roll?: RollLockRecord; readonly isNamed?: boolean } = {},
): NodeStatus {
  const { roll, isNamed = true } = options;
  if (!stored) return { node, verdict: "unknown", reasons: [NEVER_REPORTED] };
  const { report, ageSeconds } = stored;
  const known = { node, since: report.running?.since, reportAgeSeconds: ageSeconds, report };
  if (!isNamed) {
    const reason = `the desired state does not name it; its last report is ${ageSeconds} seconds old`;
    return { ...known, verdict: "removed", reasons: [reason] };
  }
  const freshSeconds = options.freshSeconds ?? FRESH_REPORT_SECONDS;
  if (ageSeconds > freshSeconds) {
    return { ...known, verdict: "silent", reasons: [`its last report is ${ageSeconds} seconds old`] };
  }
  if ((report as { schemaVersion: number }).schemaVersion !== 1) {
    return { ...known, verdict: "unknown", reasons: ["its report has a format that this version does not know"] };
  }
  // Also while it is healthy: it may go down any moment, and whoever asks may be about to stop another one.
  // Another line of Flink is taken over by all nodes at once.
  if (roll && roll.owner !== null && roll.phase !== "failed" && (roll.owner === node || roll.change?.line)) {
    return { ...known, verdict: "rolling", reasons: [describeRoll(toldByNode(roll, report))] };
  }
  if (report.status !== "healthy") {
    const reasons = report.reasons.length > 0 ? report.reasons : [`it says that it is ${report.status}`];
    return { ...known, verdict: report.status, reasons };
  }
  if (desiredSha256 === undefined) {
    return { ...known, verdict: "outdated", reasons: ["the cluster has no desired state in the bucket"] };
  }
  if (report.running?.sha256 !== desiredSha256 && !options.allowPending) {
    const why = report.roll?.reason;
    const waits = why === undefined ? "" : `: ${report.roll?.phase === "refused" ? "it refuses that: " : ""}${why}`;
    const reason = `it runs another desired state than the one in the bucket${waits}`;
    return { ...known, verdict: "outdated", reasons: [reason] };
  }
  return { ...known, verdict: "healthy", reasons: [] };
}

/** What all nodes take over together each of them knows more of than the lock, such as which one it waits for. */
function toldByNode(roll: RollLockRecord, { roll: told }: NodeReport): RollLockRecord {
  if (!roll.change?.line || told?.reason === undefined || told.phase !== roll.phase) return roll;
  return { ...roll, reason: told.reason };
}

/** Who does what in a roll, one sentence without a full stop. */
export function describeRoll(roll: RollLockRecord): string {
  const { owner, phase, change, reason, since } = roll;
  const what = change && `${change.reason} (${change.sha256.slice(0, 12)})`;
  if (owner === null || !phase || what === undefined) {
    return what === undefined ? `none is on, since ${since}` : `none is on; the last, to ${what}, ended at ${since}`;
  }
  const says = change?.line ? saidOfAll(what) : saidOf(owner, what);
  return `${says[phase]} since ${since}${reason === undefined ? "" : `: ${reason}`}`;
}

function saidOf(owner: string, what: string): Readonly<Record<RollPhase, string>> {
  return {
    preparing: `${owner} prepares ${what}`,
    stopping: `${owner} stops Flink for ${what}`,
    applying: `${owner} takes over ${what}`,
    "going-back": `${owner} goes back from ${what}`,
    failed: `the rolling change to ${what} stopped at ${owner}`,
  };
}

/** Of what all nodes take over at once. */
function saidOfAll(what: string): Readonly<Record<RollPhase, string>> {
  return {
    preparing: `all nodes prepare ${what}`,
    stopping: `all nodes stop Flink for ${what}`,
    applying: `all nodes take over ${what}`,
    "going-back": `all nodes go back from ${what}`,
    failed: `the change to ${what} has failed`,
  };
}
