import { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { PolicyStatement } from "../core/terraform/policy";
import { checkInputOf } from "../core/terraform/refusals";
import { requireKey } from "../encryption/key-checks";
import { AccessLogs, checkAccessLogOptions } from "./access-logs";
import { EncryptedBucketProps, IEncryptedBucket } from "./encrypted-bucket";
import { PrivateBucket } from "./private-bucket";
import { RemovalPolicy } from "./removal-policy";
import { requireBucketName, requireRemovalPolicy } from "./storage-checks";
import { storedDataKey } from "./stored-data-key";

/** In what our encrypted buckets differ. */
export interface BucketPurpose {
  /** What the key is for, as people see it. */
  readonly keyDescription: string;
  readonly lifecycleRules: readonly S3BucketLifecycleConfigurationRule[];
  readonly policyStatements?: (bucketArn: string) => readonly PolicyStatement[];
}

/** A private bucket under the key given or one of its own, and an access log where one is asked for. */
export class OwnEncryptedBucket extends Construct implements IEncryptedBucket {
  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn: string;
  private readonly guards: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EncryptedBucketProps, purpose: BucketPurpose) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    checkInputOf(this, () => {
      requireRemovalPolicy("removalPolicy", removalPolicy);
      if (props.bucketName !== undefined) requireBucketName("bucketName", props.bucketName);
      if (props.encryptionKey !== undefined) requireKey("encryptionKey", props.encryptionKey);
      checkAccessLogOptions(props);
    });

    this.encryptionKeyArn = storedDataKey(this, {
      description: purpose.keyDescription,
      removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    const bucket = new PrivateBucket(this, "Resource", {
      bucketName: props.bucketName,
      keyArn: this.encryptionKeyArn,
      removalPolicy,
      lifecycleRules: purpose.lifecycleRules,
      policyStatements: purpose.policyStatements,
    });
    new AccessLogs(this, "AccessLogs", bucket, props, removalPolicy);
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.bucketArn;
    this.guards = bucket.guards;
  }

  public guardsFor(scope: Construct): ITerraformDependable[] {
    // Terraform knows no dependency on a resource of another stack.
    return TerraformStack.of(scope) === TerraformStack.of(this) ? [...this.guards] : [];
  }
}
