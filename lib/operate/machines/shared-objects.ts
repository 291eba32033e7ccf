import type { S3Client } from "@aws-sdk/client-s3";
import type { SharedObjects } from "../../node/agent/object-store";
import { LARGEST_SHARED_BYTES, readStoredObject, replaceStoredObject } from "../../node/stored-object";
import { isMissing } from "../../software/bucket";

/** What the nodes share in the bucket, for a program beside them. */
export function sharedObjects(client: S3Client): Pick<SharedObjects, "read" | "replace"> {
  return {
    read: async (bucket, key) => {
      try {
        return await readStoredObject(client, bucket, key, LARGEST_SHARED_BYTES);
      } catch (failure) {
        if (isMissing(failure)) return undefined;
        throw failure;
      }
    },
    replace: (bucket, key, content, etag) => replaceStoredObject(client, bucket, key, content, etag),
  };
}
