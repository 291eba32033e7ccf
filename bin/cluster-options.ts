import { readFileSync } from "node:fs";
import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { Command, InvalidArgumentError, Option } from "commander";
import { ValidationError } from "../lib/core/validation";
import { s3Client, SMALL_CALLS } from "../lib/software/bucket";
import { clusterInOutputs } from "../lib/software/cluster-outputs";
import { bucketOfCluster, regionOf } from "../lib/software/find-cluster";
import type { ClusterBucket } from "../lib/software/node-status";
import { Problem } from "../lib/software/problem";

/** Which cluster a command is about. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly outputs?: string;
  readonly stack?: string;
}

/** A cluster that a command is about. */
export interface NamedCluster extends ClusterBucket {
  /** Of the cluster, its bucket and its machines, such as `eu-west-1`. */
  readonly region: string;
}

/** The options of `ClusterFlags`. */
export function withClusterOptions(command: Command): Command {
  return command
    .addOption(new Option("--cluster <name>", "the cluster").argParser(clusterName))
    .addOption(new Option("--region <region>", "its region (default: as the AWS tools find it)").argParser(regionName))
    .option("--bucket <name>", "its checkpoint bucket (default: as its resource group says)")
    .option("--outputs <file>", "instead of these: what cdktf deploy --outputs-file wrote")
    .option("--stack <name>", "its stack in --outputs, where several have a cluster of the name");
}

/** The cluster that the flags name. */
export async function clusterOf(flags: ClusterFlags): Promise<NamedCluster> {
  const { cluster, region, bucket } = placeOf(flags);
  const client = s3Client(region, SMALL_CALLS);
  const groups = () => new ResourceGroupsClient({ region, requestHandler: SMALL_CALLS });
  const found = bucket ?? (await bucketOfCluster(groups(), cluster));
  return { client, cluster, bucket: found, region: await regionOf(client) };
}

interface Place {
  readonly cluster: string;
  readonly region?: string;
  readonly bucket?: string;
}

function placeOf(flags: ClusterFlags): Place {
  const { cluster, region, bucket, outputs, stack } = flags;
  if (outputs !== undefined) {
    const beside = Object.entries({ "--bucket": bucket, "--region": region }).find(([, value]) => value !== undefined);
    if (beside) {
      throw new ValidationError(`${beside[0]} is given beside --outputs, which says it as well: leave one of them out`);
    }
    return clusterInOutputs(readText(outputs), outputs, { cluster, stack });
  }
  if (stack !== undefined) {
    throw new ValidationError("--stack is given without --outputs, of which it names a part: give both, or neither");
  }
  if (cluster === undefined) {
    throw new ValidationError("it is not said which cluster is meant: give --cluster and --region, or --outputs");
  }
  return { cluster, region, bucket };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (failure) {
    throw new Problem(
      `${file} cannot be read (${(failure as Error).message}): name in --outputs the file that cdktf deploy --outputs-file wrote`,
    );
  }
}

function clusterName(text: string): string {
  if (!/^[a-z][a-z0-9-]{1,31}$/.test(text)) {
    throw new InvalidArgumentError(
      "Give the name of a cluster: 2 to 32 lower-case letters, digits and hyphens, a letter first.",
    );
  }
  return text;
}

function regionName(text: string): string {
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(text)) throw new InvalidArgumentError("Give a region, such as eu-west-1.");
  return text;
}
