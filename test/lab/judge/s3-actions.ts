/**
 * Which permission each call of S3 needs (Amazon S3 User Guide, "Required permissions for Amazon S3 API operations";
 * Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3").
 */

/** Parameters that choose no other operation. */
const PLAIN_PARAMETER =
  /^(x-id|list-type|prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner|marker|key-marker|upload-id-marker|version-id-marker|max-uploads|max-parts|part-number-marker|partNumber|versionId|response-.*|X-Amz-.*)$/i;

/** Of a bucket, by parameter: what reads and what writes it. Deleting needs the writing one but where it is said. */
const BUCKET_PARTS: Readonly<Record<string, readonly [read: string, write: string, remove?: string]>> = {
  accelerate: ["GetAccelerateConfiguration", "PutAccelerateConfiguration"],
  acl: ["GetBucketAcl", "PutBucketAcl"],
  cors: ["GetBucketCORS", "PutBucketCORS"],
  encryption: ["GetEncryptionConfiguration", "PutEncryptionConfiguration"],
  lifecycle: ["GetLifecycleConfiguration", "PutLifecycleConfiguration"],
  logging: ["GetBucketLogging", "PutBucketLogging"],
  notification: ["GetBucketNotification", "PutBucketNotification"],
  "object-lock": ["GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ownershipControls: ["GetBucketOwnershipControls", "PutBucketOwnershipControls"],
  policy: ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"],
  publicAccessBlock: ["GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"],
  replication: ["GetReplicationConfiguration", "PutReplicationConfiguration"],
  requestPayment: ["GetBucketRequestPayment", "PutBucketRequestPayment"],
  tagging: ["GetBucketTagging", "PutBucketTagging"],
  versioning: ["GetBucketVersioning", "PutBucketVersioning"],
  website: ["GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"],
};

/** Parts of a bucket that are only read. */
const BUCKET_VIEWS: Readonly<Record<string, string>> = {
  location: "GetBucketLocation",
  policyStatus: "GetBucketPolicyStatus",
  uploads: "ListBucketMultipartUploads",
  versions: "ListBucketVersions",
};

/** Of an object, by parameter. */
const OBJECT_PARTS: Readonly<Record<string, readonly [read: string, write: string, remove?: string]>> = {
  acl: ["GetObjectAcl", "PutObjectAcl"],
  "legal-hold": ["GetObjectLegalHold", "PutObjectLegalHold"],
  retention: ["GetObjectRetention", "PutObjectRetention"],
  tagging: ["GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"],
};

export type S3Operation =
  { readonly on: "service" | "bucket" | "object"; readonly action: string } | { readonly on: "many objects" };

/** The operation of a call; undefined for what is not known here. */
export function s3Operation(method: string, query: URLSearchParams, level: "service" | "bucket" | "object") {
  const chosen = [...new Set(query.keys())].filter((name) => !PLAIN_PARAMETER.test(name));
  if (chosen.length > 1) return undefined;
  if (level === "service") return method === "GET" && chosen.length === 0 ? all("ListAllMyBuckets") : undefined;
  return level === "bucket"
    ? bucketOperation(method, chosen[0])
    : objectOperation(method, chosen[0], query.has("versionId"));
}

function all(action: string): S3Operation {
  return { on: "service", action: `s3:${action}` };
}

function on(level: "bucket" | "object", action: string | undefined): S3Operation | undefined {
  return action === undefined ? undefined : { on: level, action: `s3:${action}` };
}

function bucketOperation(method: string, part: string | undefined): S3Operation | undefined {
  if (part === undefined) {
    const actions: Record<string, string> = {
      ...{ GET: "ListBucket", HEAD: "ListBucket", PUT: "CreateBucket", DELETE: "DeleteBucket" },
    };
    return on("bucket", actions[method]);
  }
  if (part === "delete" && method === "POST") return { on: "many objects" };
  if (part in BUCKET_VIEWS) return on("bucket", method === "GET" ? BUCKET_VIEWS[part] : undefined);
  return on("bucket", ofPart(BUCKET_PARTS[part], method));
}

function ofPart(part: readonly [string, string, string?] | undefined, method: string): string | undefined {
  if (!part) return undefined;
  const [read, write, remove] = part;
  return ({ GET: read, PUT: write, DELETE: remove ?? write } as Record<string, string>)[method];
}

function objectOperation(method: string, part: string | undefined, version: boolean): S3Operation | undefined {
  const suffix = version ? "Version" : "";
  switch (part) {
    case undefined: {
      const [read, remove] = [`GetObject${suffix}`, `DeleteObject${suffix}`];
      return on(
        "object",
        ({ GET: read, HEAD: read, PUT: "PutObject", DELETE: remove } as Record<string, string>)[method],
      );
    }
    case "uploadId": {
      const actions: Record<string, string> = {
        ...{ GET: "ListMultipartUploadParts", PUT: "PutObject", POST: "PutObject", DELETE: "AbortMultipartUpload" },
      };
      return on("object", actions[method]);
    }
    case "uploads":
      return on("object", method === "POST" ? "PutObject" : undefined);
    default: {
      const action = ofPart(OBJECT_PARTS[part], method);
      return on("object", action && version ? action.replace("Object", "ObjectVersion") : action);
    }
  }
}
