import { DescribeKeyCommand, ListAliasesCommand } from "@aws-sdk/client-kms";
import { GetBucketEncryptionCommand, GetBucketVersioningCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { EmulatorClients } from "../emulator/clients";

/** What of the storage stack must be there for a checkpoint to be of use. */
export interface StorageView {
  readonly versioning?: string;
  /** Of the key that the bucket encrypts with. */
  readonly keyState?: string;
  readonly aliases: number;
  /** Bytes of the object that was read. */
  readonly objectBytes: number;
  readonly objectEncryption?: string;
  /** Whether the object is encrypted by the bucket's own key. */
  readonly encryptedByBucketsOwnKey: boolean;
}

/** Looks at the bucket, at its key and the key's alias, and reads one object, such as a checkpoint's `_metadata`. */
export async function viewStorage(aws: EmulatorClients, bucket: string, objectKey: string): Promise<StorageView> {
  const encryption = await aws.s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
  const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
  const keyId = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  if (!keyId) throw new Error(`the bucket ${bucket} names no key`);
  const [versioning, key, aliases, object] = await Promise.all([
    aws.s3.send(new GetBucketVersioningCommand({ Bucket: bucket })),
    aws.kms.send(new DescribeKeyCommand({ KeyId: keyId })),
    aws.kms.send(new ListAliasesCommand({ KeyId: keyId })),
    aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey })),
  ]);
  const bytes = await (object.Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
  return {
    versioning: versioning.Status,
    keyState: key.KeyMetadata?.KeyState,
    aliases: aliases.Aliases?.length ?? 0,
    objectBytes: bytes.length,
    objectEncryption: object.ServerSideEncryption,
    encryptedByBucketsOwnKey: object.SSEKMSKeyId === key.KeyMetadata?.Arn,
  };
}
