import { createHash } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { clusterPrefix, desiredStateKey, REPORTS_PREFIX, reportKey, rollLockKey } from "../../core/bucket-layout";
import { printable } from "../../core/printable";
import { LARGEST_STATE_BYTES, type DesiredState } from "../../node/desired-state";
import { asNodeReport } from "../../node/report-form";
import type { RolledChange, RollLockRecord, StoppedRoll } from "../../node/roll";
import { LARGEST_SHARED_BYTES, readStoredObject } from "../../node/stored-object";
import { isMissing, s3Problem } from "../../software/bucket";
import type { ClusterBucket } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { currentObjects, endOf, objectHistories, type StoredVersion } from "./object-history";

/** What is known of a cluster by what it has in its bucket. */
export interface ClusterNeeds {
  /** Keys of the parts that its nodes run, may go back to, or ran lately. */
  readonly keys: ReadonlySet<string>;
  /** Names of the nodes that it has; absent where it has no desired state any more. */
  readonly nodes?: readonly string[];
}

/** A desired state as it was read. */
interface ReadState {
  readonly sha256: string;
  readonly keys: readonly string[];
  readonly nodes: readonly string[];
}

/** The newest one, and the one before it, which a program that is taken back asks for. */
const STATES_IN_USE = 2;

/**
 * What a cluster needs: the software of its desired state and of the one before, of each that counted since a time, and
 * of whatever its nodes run, are about to run or may go back to. Rejects where that cannot be known.
 *
 * @param since milliseconds since 1970
 */
export async function needsOf(from: ClusterBucket, since: number): Promise<ClusterNeeds> {
  const history = (await objectHistories(from, desiredStateKey(from.cluster))).get(desiredStateKey(from.cluster)) ?? [];
  const isThere = history.length > 0 && !history[0].isMark;
  const current = isThere ? await readState(from, history[0]) : undefined;
  const hashes = await hashesInUse(from, current?.nodes ?? [], since);
  const states = new Map(current ? [[current.sha256, current]] : []);
  for (const [index, version] of history.entries()) {
    if (version.isMark || (current && index === 0)) continue;
    const isRecent = (endOf(history, index) ?? Infinity) > since;
    const isAsked = [...hashes.keys()].some((hash) => !states.has(hash));
    if (!isRecent && !isAsked && (!current || states.size >= STATES_IN_USE)) break;
    const state = await readState(from, version);
    states.set(state.sha256, state);
  }
  const lost = [...hashes].find(([hash]) => !states.has(hash));
  if (lost) {
    const [hash, who] = lost;
    throw new Problem(
      `${who} runs or awaits the desired state ${hash.slice(0, 12)}, which ${bucketText(from)} has in no version any more, so that nobody knows what it needs, and nothing was removed: wait until the node runs the newest one`,
    );
  }
  return { keys: new Set([...states.values()].flatMap(({ keys }) => keys)), nodes: current?.nodes };
}

/** SHA-256 of desired states that nodes have or want, and who does. */
async function hashesInUse(
  from: ClusterBucket,
  nodes: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, string>> {
  const reports = await currentObjects(from, `${clusterPrefix(REPORTS_PREFIX, from.cluster)}/`);
  const named = new Set(nodes.map((node) => reportKey(from.cluster, node)));
  const counting = reports.filter(({ key, writtenAt }) => named.has(key) || writtenAt > since);
  const hashes = new Map<string, string>();
  for (const { key } of counting) {
    const found = await jsonOf(from, key);
    const report = asNodeReport(found);
    if (!report) {
      if (found === undefined) continue;
      throw unknownForm(from, key);
    }
    const node = printable(key.slice(key.lastIndexOf("/") + 1).replace(/\.json$/, ""));
    for (const state of [report.running, report.pending]) if (state) hashes.set(state.sha256, node);
  }
  const lock = (await jsonOf(from, rollLockKey(from.cluster))) as Partial<RollLockRecord> | undefined;
  if (lock && lock.owner !== null) {
    for (const hash of hashesOfRoll(lock)) hashes.set(hash, `the rolling change of ${from.cluster}`);
  }
  return hashes;
}

function hashesOfRoll({ change, before, stopped }: Partial<RollLockRecord>): readonly string[] {
  const rolls: readonly Partial<Pick<StoppedRoll, "change" | "before">>[] = [{ change, before }, stopped ?? {}];
  return rolls.flatMap((roll) => [
    ...(isOfStates(roll.change) ? [roll.change.sha256] : []),
    ...(roll.before ? [roll.before.sha256] : []),
  ]);
}

function isOfStates(change: RolledChange | undefined): change is RolledChange {
  return change?.kind === "desired-state";
}

async function readState(from: ClusterBucket, { key, versionId }: StoredVersion): Promise<ReadState> {
  let bytes: Uint8Array;
  try {
    const found = await from.client.send(new GetObjectCommand({ Bucket: from.bucket, Key: key, VersionId: versionId }));
    if ((found.ContentLength ?? 0) > LARGEST_STATE_BYTES) throw new Error(`it has ${found.ContentLength} bytes`);
    bytes = await found.Body!.transformToByteArray();
  } catch (failure) {
    throw s3Problem(from.bucket, `reading ${key}`, failure);
  }
  const state = parsed(bytes) as Partial<DesiredState> | undefined;
  const keys = [state?.agent, state?.nodeJs, ...listOf(state?.software)].map((item) => item?.key);
  const names = listOf(state?.nodes).map((node) => node?.name);
  if (state?.schemaVersion !== 1 || !areTexts(keys) || !areTexts(names) || names.length === 0) {
    throw unknownForm(from, `${key}, version ${versionId},`);
  }
  return { sha256: createHash("sha256").update(bytes).digest("hex"), keys, nodes: names };
}

/** Of what should be one, and is not empty: something that is nothing, where it is no list. */
function listOf<T>(value: readonly T[] | undefined): readonly (T | undefined)[] {
  return Array.isArray(value) ? (value as readonly T[]) : [undefined];
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((each) => typeof each === "string" && each !== "");
}

/** Nothing where there is no such object. */
async function jsonOf(from: ClusterBucket, key: string): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    ({ bytes } = await readStoredObject(from.client, from.bucket, key, LARGEST_SHARED_BYTES));
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    throw s3Problem(from.bucket, `reading ${key}`, failure);
  }
  const value = parsed(bytes);
  if (typeof value !== "object" || value === null) throw unknownForm(from, key);
  return value;
}

/** Of what somebody else wrote, or another version of this library. */
function unknownForm(from: ClusterBucket, what: string): Problem {
  return new Problem(
    `${what} in ${bucketText(from)} is of a form that this version does not know, so that nobody knows what the nodes of ${from.cluster} need, and nothing was removed: use the version of cdktf-flink that the cluster was deployed with`,
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function bucketText({ bucket }: ClusterBucket): string {
  return `the bucket ${bucket}`;
}
