import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { IConstruct } from "constructs";
import { CheckpointBucket } from "../storage/checkpoint-bucket";
import { IEncryptedBucket } from "../storage/encrypted-bucket";
import { ExistingEncryptedBucket } from "../storage/existing-encrypted-bucket";
import { SoftwareBucket } from "../storage/software-bucket";

/** Of all buckets in a program with state or software of clusters: what Terraform makes of them, and what the program says. */
export function stateBucketNames(root: IConstruct): string[] {
  return root.node
    .findAll()
    .filter(isStateBucket)
    .flatMap((bucket) => [bucket.bucketName, ...givenNames(bucket)]);
}

function isStateBucket(construct: IConstruct): construct is IConstruct & IEncryptedBucket {
  return [CheckpointBucket, SoftwareBucket, ExistingEncryptedBucket].some((type) => construct instanceof type);
}

function givenNames(bucket: IConstruct): string[] {
  const resources = bucket.node.findAll().filter((each): each is S3Bucket => each instanceof S3Bucket);
  return resources.flatMap(({ bucketInput }) => bucketInput ?? []);
}
