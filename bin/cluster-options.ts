import { Command } from "commander";
import { s3Client } from "../lib/software/bucket";
import type { ClusterBucket } from "../lib/software/node-status";

/** Which cluster a command is about. */
export interface ClusterFlags {
  readonly bucket: string;
  readonly cluster: string;
  readonly region?: string;
}

/** The options of `ClusterFlags`. */
export function withClusterOptions(command: Command): Command {
  return command
    .requiredOption("--bucket <name>", "the checkpoint bucket")
    .requiredOption("--cluster <name>", "the cluster")
    .option("--region <region>", "the bucket's region (default: as the AWS tools find it)");
}

/** The cluster that the flags name. */
export async function clusterOf(flags: ClusterFlags): Promise<ClusterBucket> {
  return { client: s3Client(flags.region), bucket: flags.bucket, cluster: flags.cluster };
}
