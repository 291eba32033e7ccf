import { S3Backend, TerraformStack } from "cdktf";

/** Where in the bucket the state of stacks is that workflows deploy. */
export const STATE_PREFIX = "flink/";
/** Where saved plans wait for their approval. */
export const PLAN_PREFIX = "plans/";

/** Keeps the state of a stack in the bucket, with a lock beside it that S3 itself grants to one at a time. */
export function keepState(stack: TerraformStack, bucket: string, region: string, prefix = STATE_PREFIX): void {
  // Without `encrypt`, which would ask for keys of S3 in place of the one that the bucket encrypts with by itself.
  new S3Backend(stack, { bucket, region, key: `${prefix}${stack.node.id}.tfstate` });
  // Not yet an argument of the binding; needs Terraform 1.10.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
