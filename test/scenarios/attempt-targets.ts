import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { Deployment } from "./deployment";
import { AttemptTargets } from "./job-is-not-machine";
import { SINK_BUCKET, SINK_PREFIX, SOURCE_PREFIX } from "./lab-stacks";

/** Of a user who granted it to nobody. */
const OTHER_BUCKET = "nobody-of-the-cluster";

/** What attempts on a node of the deployed cluster are about; makes the bucket that nobody was granted. */
export async function attemptTargets(deployment: Deployment, node: string): Promise<AttemptTargets> {
  const { bucket, lab, output } = deployment;
  const { iam, s3 } = lab.aws();
  const [role, encryption] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName: output.node_role_name })),
    s3.send(new GetBucketEncryptionCommand({ Bucket: bucket })),
    s3.send(
      new CreateBucketCommand({
        Bucket: OTHER_BUCKET,
        CreateBucketConfiguration: { LocationConstraint: lab.region as "eu-west-1" },
      }),
    ),
  ]);
  const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
  const bucketKeyArn = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  const accountId = role.Role?.Arn?.split(":")[4];
  if (!bucketKeyArn || !accountId) throw new Error(`the bucket ${bucket} names no key, or the role no account`);
  return {
    ...{ region: lab.region, accountId, cluster: output.cluster_name, bucket, otherBucket: OTHER_BUCKET, bucketKeyArn },
    data: { bucket: SINK_BUCKET, source: SOURCE_PREFIX, sink: SINK_PREFIX },
    otherNode: output.node_names.find((other) => other !== node) ?? "another-node",
    nodeRoleName: output.node_role_name,
    jobRoleName: output.job_role_name,
  };
}
