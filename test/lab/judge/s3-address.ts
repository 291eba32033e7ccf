import { ApiCall } from "../fabric/api-call";

/** What a call of S3 is about. */
export interface S3Address {
  readonly bucket: string;
  /** As it is stored, not as it was sent. */
  readonly key: string;
}

const VIRTUAL_HOST = /^(?:(.+)\.)?s3[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/** Bucket and key, from the name or from the path; undefined for what cannot be read. */
export function s3Address(call: ApiCall): S3Address | undefined {
  const match = VIRTUAL_HOST.exec(call.host);
  if (!match) return undefined;
  const path = call.path.split("?")[0].replace(/^\//, "");
  try {
    if (match[1]) return { bucket: match[1], key: decodeURIComponent(path) };
    const [bucket, ...key] = path.split("/");
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join("/")) };
  } catch {
    return undefined;
  }
}

/** Bucket, key and version of the header `x-amz-copy-source`. */
export function copySource(value: string): (S3Address & { readonly version?: string }) | undefined {
  const [path, query] = value.split("?");
  const [bucket, ...key] = path.replace(/^\//, "").split("/");
  if (!bucket || key.length === 0) return undefined;
  try {
    const version = new URLSearchParams(query ?? "").get("versionId") ?? undefined;
    return { bucket, key: decodeURIComponent(key.join("/")), version };
  } catch {
    return undefined;
  }
}
