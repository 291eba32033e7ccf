import { CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, stateUri } from "../../core/bucket-layout";
import type { JobsFile } from "./jobs-file";

/** Of the cluster that keeps the state. */
export type StatePlace = Pick<JobsFile, "bucket" | "cluster">;

/** Names of folders and files as Flink makes them, one below the other. */
const NAMES_BELOW = /^\/(?:[\w-][\w.-]*)(?:\/[\w-][\w.-]*)*$/;

/** Where all savepoints of a cluster lie, such as `s3p://bucket/savepoints/orders`. */
export function savepointsOf({ bucket, cluster }: StatePlace): string {
  return stateUri(bucket, SAVEPOINTS_PREFIX, cluster);
}

/** Where the checkpoints of one job lie. */
export function checkpointsOf({ bucket, cluster }: StatePlace, job: string): string {
  return `${stateUri(bucket, CHECKPOINTS_PREFIX, cluster)}/${job}`;
}

/** Whether a location lies below a folder. */
export function isBelow(folder: string, location: string): boolean {
  const place = placeOf(location);
  const above = placeOf(folder);
  return place.startsWith(`${above}/`) && NAMES_BELOW.test(place.slice(above.length));
}

/** Whether two locations are one, however they are written: Flink takes a folder for the file of metadata in it. */
export function isSamePlace(one: string, other: string): boolean {
  return placeOf(one) === placeOf(other);
}

/** Without its file system: `s3p`, `s3a` and `s3` lead to the same bucket. */
function placeOf(location: string): string {
  return location
    .replace(/^s3[ap]?:\/\//, "")
    .replace(/\/_metadata$/, "")
    .replace(/\/+$/, "");
}
