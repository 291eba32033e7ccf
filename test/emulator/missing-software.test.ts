import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Software } from "../../lib";
import { cluster } from "../cluster/support";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";

test("without a lock file the plan fails with one sentence and the command", async () => {
  const synthesized = synthesize((stack) => cluster(stack, { software: Software.fetched({ lockFile: "none.json" }) }));
  const folder = mkdtempSync(join(tmpdir(), "missing-software-"));
  try {
    const terraform = new Terraform(folder);
    // It depends on nothing else, so that it needs neither account nor provider.
    const resource = { terraform_data: { missing: synthesized.named("terraform_data", "flink_Software_Missing_") } };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource }));
    await terraform.init();
    const words = await terraform.plan().then(
      () => "planned",
      (error: Error) => error.message.replace(/\s+/g, " "),
    );
    expect(words).toContain("Error: Resource precondition failed");
    expect(words).toContain(
      "run `npx cdktf-flink fetch --flink 2.2 --architecture amd64 --origin official --lock-file none.json` and commit none.json",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
