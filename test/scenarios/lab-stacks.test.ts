import { mkdtempSync, readFileSync, rmSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { ONE_STACK, synthesizeOneStack } from "./lab-stacks";

/** What `make demo` applies, which no other test does. */
describe("everything in one stack", () => {
  const environment = { ...process.env };
  let outdir: string;

  beforeEach(() => {
    outdir = mkdtempSync(path.join(tmpdir(), "one-stack-"));
    Object.assign(process.env, {
      FLINK_SOFTWARE_ORIGIN: "package-registries",
      FLINK_BUCKET_NAME: "one-stack",
      FLINK_REMOVAL_POLICY: "destroy",
      FLINK_TERMINATION_PROTECTION: "false",
    });
  });

  afterEach(() => {
    process.env = environment;
    rmSync(outdir, { recursive: true });
  });

  test("can be destroyed whole, and needs nothing of another stack", () => {
    synthesizeOneStack(outdir, "eu-west-1");
    const text = readFileSync(path.join(outdir, "stacks", ONE_STACK, "cdk.tf.json"), "utf8");
    const { resource, data } = JSON.parse(text) as {
      resource: Record<string, Record<string, Record<string, unknown>>>;
      data: Record<string, unknown>;
    };
    expect(Object.values(resource.aws_s3_bucket).map((bucket) => bucket.force_destroy)).toEqual([true, true]);
    expect(text).not.toMatch(/"prevent_destroy": *true/);
    expect(data).not.toHaveProperty("terraform_remote_state");
    expect(Object.keys(resource.aws_instance)).toHaveLength(4);
  });
});
