import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { checkInputOf } from "../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../core/validation";
import { requireKeyArn } from "../encryption/key-checks";
import { EncryptedBucketAttributes, IEncryptedBucket } from "./encrypted-bucket";
import { requireBucketName } from "./storage-checks";

const ATTRIBUTES: OptionNames<EncryptedBucketAttributes> = { bucketName: true, encryptionKeyArn: true };

/** A bucket that others manage. Nothing of it is changed. */
export class ExistingEncryptedBucket extends Construct implements IEncryptedBucket {
  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn: string;

  public constructor(scope: Construct, id: string, attributes: EncryptedBucketAttributes) {
    super(scope, id);
    checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      requireBucketName("bucketName", attributes.bucketName);
      requireKeyArn("encryptionKeyArn", attributes.encryptionKeyArn);
    });
    this.bucketName = attributes.bucketName;
    this.bucketArn = `arn:${AwsAccount.of(this).partition}:s3:::${attributes.bucketName}`;
    this.encryptionKeyArn = attributes.encryptionKeyArn;
  }

  public guardsFor(): ITerraformDependable[] {
    return [];
  }
}
