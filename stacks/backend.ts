import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import { setting, variableOf } from "./settings";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Where a stack's state is kept: in the bucket named by `stateBucket`, locked natively, else in a file in the
 * folder of cdktf.json. A stack that others refer to must say so explicitly: cdktf's own default depends on the
 * folder in which synth runs.
 */
export function configureBackend(stack: TerraformStack, region: string): void {
  const name = stack.node.id;
  const bucket = setting(stack, "stateBucket");
  if (bucket === undefined) {
    // Relative to cdktf.out/stacks/<name>, where Terraform runs: the same path from every stack.
    new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
    return;
  }
  if (!BUCKET.test(bucket)) {
    throw new Error(
      `${variableOf("stateBucket")} is "${bucket}", but must be the name of a bucket, 3 to 63 lower-case letters, digits, dots and hyphens: write it without s3:// and without a folder`,
    );
  }
  new S3Backend(stack, { bucket, region, key: `cdktf-flink/${name}.tfstate`, encrypt: true });
  // Not yet an argument of the binding; needs Terraform 1.10.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
