import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { AwsAccount } from "../core/terraform/aws-account";
import { refuse, requireBoolean } from "../core/validation";
import { PrivateBucket } from "./private-bucket";
import { RemovalPolicy } from "./removal-policy";
import { requireBucketName, requireWholeDays } from "./storage-checks";

/** The part of a bucket's properties that is about its access log. */
export interface AccessLogOptions {
  readonly accessLogs?: boolean;
  readonly accessLogBucketName?: string;
  readonly accessLogRetention?: Duration;
}

const DEFAULT_RETENTION = Duration.days(365);

/** Refuses what cannot be, and what contradicts itself. */
export function checkAccessLogOptions(options: AccessLogOptions): void {
  const { accessLogs, accessLogBucketName, accessLogRetention } = options;
  if (accessLogs !== undefined) requireBoolean("accessLogs", accessLogs);
  if (accessLogBucketName !== undefined) {
    requireBucketName("accessLogBucketName", accessLogBucketName);
    if (accessLogs !== undefined) {
      refuse({
        property: "accessLogs",
        value: accessLogs,
        allowed: "left out where accessLogBucketName names a bucket",
        remedy: "remove one of the two",
      });
    }
  }
  if (accessLogRetention !== undefined) {
    requireWholeDays("accessLogRetention", accessLogRetention, 1, 3653);
    if (accessLogs !== true) {
      refuse({
        property: "accessLogRetention",
        value: accessLogRetention,
        allowed: "left out unless accessLogs is true, because the log bucket is not ours",
        remedy: "set accessLogs to true or remove accessLogRetention",
      });
    }
  }
}

/** Writes the access log of a bucket into an existing bucket or one of its own, if either is asked for. */
export class AccessLogs extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    bucket: PrivateBucket,
    options: AccessLogOptions,
    removalPolicy: RemovalPolicy,
  ) {
    super(scope, id);
    const own = options.accessLogs
      ? this.createLogBucket(bucket, options.accessLogRetention ?? DEFAULT_RETENTION, removalPolicy)
      : undefined;
    const targetBucket = own?.bucketName ?? options.accessLogBucketName;
    if (targetBucket === undefined) return;
    new S3BucketLoggingA(this, "Resource", {
      bucket: bucket.bucketName,
      targetBucket,
      targetPrefix: `${bucket.bucketName}/`,
      // S3 refuses a target whose policy does not let it write.
      dependsOn: own ? [...own.guards] : undefined,
    });
  }

  private createLogBucket(bucket: PrivateBucket, retention: Duration, removalPolicy: RemovalPolicy): PrivateBucket {
    // Without a key: S3 delivers access logs only into buckets that its own keys encrypt.
    return new PrivateBucket(this, "Bucket", {
      removalPolicy,
      lifecycleRules: [
        {
          id: "expire-access-logs",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: retention.toSeconds() / 86_400 }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        },
      ],
      policyStatements: (logBucketArn) => [
        {
          Sid: "AccessLogDelivery",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${logBucketArn}/*`,
          Condition: {
            StringEquals: { "aws:SourceAccount": AwsAccount.of(this).accountId },
            ArnLike: { "aws:SourceArn": bucket.bucketArn },
          },
        },
      ],
    });
  }
}
