import { IMAGE_ID_METADATA } from "../core/bucket-layout";
import { clusterOfState } from "./clusters";
import { changedAttributes, isKnownLater, isSame, isSensitive } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** The image of new machines that an apply tells of, in place of another; it touches no machine. */
export interface ToldImage {
  /** Such as `ami-0d13a6400000000d1`. */
  readonly before: string;
  readonly after: string;
}

/** Of S3 itself: what an object has anew whenever it is written. */
const TOLD_BY_S3 = new Set(["etag", "version_id"]);
/** As the program names what AWS says, such as the newest image of Debian. */
const DATA_SOURCE = /(?:^|\.)data\./;

/** The image that a change of a desired state tells of; nothing where it is another change, or that is not known yet. */
export function toldImage(change: ResourceChange): ToldImage | undefined {
  const { action, before, after } = change;
  if (clusterOfState(change) === undefined || action !== "update" || isSensitive(change, "metadata")) return undefined;
  const [was, is] = [before, after].map((object) => metadataOf(object)[IMAGE_ID_METADATA]);
  return typeof was === "string" && typeof is === "string" && was !== is ? { before: was, after: is } : undefined;
}

/**
 * Whether a change tells of a newer image and of nothing else, and nobody asked for it: the program takes the newest one
 * that AWS has, and another one is that by now.
 */
export function isOfNewerImageOnly(change: ResourceChange): boolean {
  if (!toldImage(change) || !DATA_SOURCE.test(change.references.metadata ?? "")) return false;
  const others = changedAttributes(change).filter((name) => !(TOLD_BY_S3.has(name) && isKnownLater(change, name)));
  const [was, is] = [change.before, change.after].map((object) => ({ ...metadataOf(object), [IMAGE_ID_METADATA]: "" }));
  return isSame(others, ["metadata"]) && isSame(was, is);
}

/** Whether a change is of what an object says beside its content, such as its image. */
export function changesMetadata({ before, after }: ResourceChange): boolean {
  return !isSame(metadataOf(before), metadataOf(after));
}

function metadataOf({ metadata }: Attributes): Attributes {
  return (metadata ?? {}) as Attributes;
}
