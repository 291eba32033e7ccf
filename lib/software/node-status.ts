import { createHash } from "node:crypto";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey, REPORTS_PREFIX, clusterPrefix } from "../core/bucket-layout";
import type { NodeReport } from "../node/report";
import { isMissing, s3Problem } from "./bucket";

/** What is known of one node from outside it. */
export interface NodeStatus {
  readonly node: string;
  readonly verdict: "healthy" | "starting" | "unhealthy" | "outdated" | "silent" | "unknown";
  /** One sentence each, without a full stop; empty when healthy. */
  readonly reasons: readonly string[];
  /** Since when it runs what it runs, ISO 8601 in UTC. */
  readonly since?: string;
  /** Seconds since its last report, by the bucket's clock. */
  readonly reportAgeSeconds?: number;
  readonly report?: NodeReport;
}

export interface ClusterBucket {
  readonly client: S3Client;
  readonly bucket: string;
  readonly cluster: string;
}

export interface JudgeOptions {
  /** A report that is older is of a node that is gone; seconds, default 90. Nodes report every 30 s at least. */
  readonly freshSeconds?: number;
  /** Whether a node that is healthy on an older desired state will do; default false. */
  readonly allowPending?: boolean;
}

const DEFAULT_FRESH_SECONDS = 90;

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
        if (node) nodes.push(node);
      }
      token = page.NextContinuationToken;
    } while (token);
  } catch (failure) {
    throw s3Problem(from.bucket, "listing the reports", failure);
  }
  return nodes.sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
}

/** Judges the nodes by their newest reports and the desired state as it is now. */
export async function nodeStatuses(
  from: ClusterBucket,
  nodes: readonly string[],
  options: JudgeOptions = {},
): Promise<readonly NodeStatus[]> {
  const [desired, ...reports] = await Promise.all([
    desiredStateHash(from),
    ...nodes.map((node) => storedReport(from, node)),
  ]);
  return nodes.map((node, index) => judge(node, reports[index], desired, options));
}

/** The newest reports of those nodes that have reported. */
export async function nodeReports(from: ClusterBucket, nodes: readonly string[]): Promise<readonly NodeReport[]> {
  const stored = await Promise.all(nodes.map((node) => storedReport(from, node)));
  return stored.flatMap((each) => (each ? [each.report] : []));
}

/** SHA-256 of the desired state; undefined while there is none. */
async function desiredStateHash(from: ClusterBucket): Promise<string | undefined> {
  const found = await read(from, desiredStateKey(from.cluster));
  return found && createHash("sha256").update(found.bytes).digest("hex");
}

async function storedReport(from: ClusterBucket, node: string): Promise<StoredReport | undefined> {
  const found = await read(from, reportKey(from.cluster, node));
  if (!found) return undefined;
  return { report: parseReport(found.bytes), ageSeconds: found.ageSeconds };
}

/** What is not JSON has no version either, and is judged as of an unknown format. */
function parseReport(bytes: Uint8Array): NodeReport {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as NodeReport;
  } catch {
    return {} as NodeReport;
  }
}

async function read(
  from: ClusterBucket,
  key: string,
): Promise<{ readonly bytes: Uint8Array; readonly ageSeconds: number } | undefined> {
  const command = new GetObjectCommand({ Bucket: from.bucket, Key: key });
  let serverTime = Date.now();
  // Age by the bucket's own clock: this machine's may be wrong, and so may the node's.
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = (result.response as { headers?: Record<string, string> }).headers?.date;
      if (date && !Number.isNaN(Date.parse(date))) serverTime = Date.parse(date);
      return result;
    },
    { step: "deserialize", priority: "low", name: "serverTime" },
  );
  try {
    const found = await from.client.send(command);
    const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
    const written = found.LastModified?.getTime() ?? serverTime;
    return { bytes, ageSeconds: Math.max(0, Math.round((serverTime - written) / 1000)) };
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    throw s3Problem(from.bucket, `reading ${key}`, failure);
  }
}

/** Says how a node is, from what it reported, how long ago, and what it should run. */
export function judge(
  node: string,
  stored: StoredReport | undefined,
  desiredSha256: string | undefined,
  options: JudgeOptions = {},
): NodeStatus {
  if (!stored) return { node, verdict: "unknown", reasons: ["it has not reported yet"] };
  const { report, ageSeconds } = stored;
  const known = { node, since: report.running?.since, reportAgeSeconds: ageSeconds, report };
  if ((report as { schemaVersion: number }).schemaVersion !== 1) {
    return { ...known, verdict: "unknown", reasons: ["its report has a format that this version does not know"] };
  }
  const freshSeconds = options.freshSeconds ?? DEFAULT_FRESH_SECONDS;
  if (ageSeconds > freshSeconds) {
    return { ...known, verdict: "silent", reasons: [`its last report is ${ageSeconds} seconds old`] };
  }
  if (report.status !== "healthy") {
    const reasons = report.reasons.length > 0 ? report.reasons : [`it says that it is ${report.status}`];
    return { ...known, verdict: report.status, reasons };
  }
  if (desiredSha256 === undefined) {
    return { ...known, verdict: "outdated", reasons: ["the cluster has no desired state in the bucket"] };
  }
  if (report.running?.sha256 !== desiredSha256 && !options.allowPending) {
    return { ...known, verdict: "outdated", reasons: ["it runs another desired state than the one in the bucket"] };
  }
  return { ...known, verdict: "healthy", reasons: [] };
}
