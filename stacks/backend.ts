import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import { setting } from "./settings";

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
  new S3Backend(stack, { bucket, region, key: `cdktf-flink/${name}.tfstate`, encrypt: true });
  // Not yet an argument of the binding; needs Terraform 1.10.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
