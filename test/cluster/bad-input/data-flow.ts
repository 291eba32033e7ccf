import { DataBucket } from "../../../lib";
import { existingDataBucket } from "./buckets";
import { BUCKET, DATA_PREFIX, INDICES, SCHEMA, TOPICS } from "./made-in-stack";
import { cluster, Row } from "./row";
import { BUCKET_NAMES, CONNECTION_NAMES, KEY_ARNS } from "./shared-values";

const PREFIXES = {
  named: "prefix",
  takes: ["in/", "in/orders/", "day=2026-01-01/", `${"a".repeat(511)}/`],
  refuses: ["in", "/in/", "in//", "in/*/", "../", `${"a".repeat(512)}/`],
};

export const DATA_FLOW: Row[] = [
  {
    input: "DataBucketAttributes.bucketName",
    named: "bucketName",
    give: (stack, bucketName) => existingDataBucket(stack, "b", { bucketName }),
    ...BUCKET_NAMES,
    required: true,
  },
  {
    input: "DataBucketAttributes.encryptionKeyArn",
    named: "encryptionKeyArn",
    give: (stack, encryptionKeyArn) => existingDataBucket(stack, "b", { bucketName: "abc", encryptionKeyArn }),
    ...KEY_ARNS,
  },
  {
    input: "DataBucketAttributes.connectionName",
    named: "connectionName",
    give: (stack, connectionName) => existingDataBucket(stack, "b", { bucketName: "abc", connectionName }),
    ...CONNECTION_NAMES,
  },
  {
    input: "DataBucket.prefix(prefix)",
    ...PREFIXES,
    give: (stack, prefix) => new DataBucket(stack, "b").prefix(prefix),
    required: true,
  },
  {
    input: "IDataBucket.prefix(prefix)",
    ...PREFIXES,
    give: (stack, prefix) => existingDataBucket(stack, "b", { bucketName: "abc" }).prefix(prefix),
    required: true,
  },
  ...(["readFrom(source)", "writeTo(sink)", "readWrite(store)"] as const).map((call): Row => {
    const method = call.split("(")[0] as "readFrom" | "writeTo" | "readWrite";
    return {
      input: `FlinkCluster.${call}`,
      named: method,
      give: (stack, value) => cluster(stack)[method](value),
      takes: [DATA_PREFIX, TOPICS, SCHEMA, ...(method === "writeTo" ? [INDICES] : [])],
      refuses: [BUCKET, "s3a://abc/in/", ...(method === "writeTo" ? [] : [INDICES])],
      required: true,
    };
  }),
];
