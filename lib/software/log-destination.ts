import { desiredStateKey } from "../core/bucket-layout";
import { LARGEST_STATE_BYTES, type DesiredState, type FileSpec } from "../node/desired-state";
import type { LogExporterConfiguration } from "../node/logs/log-exporter-configuration";
import type { LogDestinationSpec } from "../node/logs/log-shipping";
import { LOG_EXPORTER_CONFIGURATION_FILE } from "../node/paths";
import { readStoredObject } from "../node/stored-object";
import { isMissing, s3Problem } from "./bucket";
import type { ClusterBucket } from "./node-status";
import { Problem } from "./problem";

/** Where a cluster's logs go, as its desired state tells the nodes. */
export async function logDestination(from: ClusterBucket): Promise<LogDestinationSpec> {
  const { bucket, cluster } = from;
  const file = exporterConfiguration(await desiredState(from));
  if (file === undefined) {
    throw new Problem(
      `the logs of the cluster ${cluster} go nowhere: give its program a LogIntegration and apply it, or name the destination with --url`,
    );
  }
  const { destination } = parse<Partial<LogExporterConfiguration>>(file.content) ?? {};
  if (destination?.kind !== "opensearch" && destination?.kind !== "cloudwatch") {
    throw new Problem(
      `this version of cdktf-flink does not know where the desired state of ${cluster} in the bucket ${bucket} sends its logs: use the version that applied it`,
    );
  }
  return destination;
}

/** The same on all nodes, but for their names. */
function exporterConfiguration({ files = [], nodes = [] }: Partial<DesiredState>): FileSpec | undefined {
  return [...files, ...nodes.flatMap((node) => node.files)].find(
    ({ path }) => path === LOG_EXPORTER_CONFIGURATION_FILE,
  );
}

async function desiredState({ client, bucket, cluster }: ClusterBucket): Promise<Partial<DesiredState>> {
  const key = desiredStateKey(cluster);
  try {
    const { bytes } = await readStoredObject(client, bucket, key, LARGEST_STATE_BYTES);
    return parse<Partial<DesiredState>>(Buffer.from(bytes).toString("utf8")) ?? {};
  } catch (failure) {
    if (!isMissing(failure)) throw s3Problem(bucket, `reading ${key}`, failure);
    throw new Problem(
      `the bucket ${bucket} holds no desired state of a cluster named ${cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
    );
  }
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
