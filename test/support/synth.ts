import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, Testing, TerraformStack } from "cdktf";
import { type Block, Synthesized } from "./synthesized";

export { type Block, Synthesized };

let outdir: string | undefined;

/** An app for stacks that are synthesized in memory: all share one folder, into which nothing is written. */
function appInMemory(): App {
  outdir ??= mkdtempSync(join(tmpdir(), "cdktf.outdir."));
  return Testing.app({ outdir });
}

/** A stack of its own for one test. */
export function testStack(id = "stack", app = appInMemory()): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

/** What a stack becomes, with all validations run. */
export function synthesizeStack(stack: TerraformStack): Synthesized {
  return new Synthesized(JSON.parse(Testing.synth(stack, true)) as Block);
}

/** What is synthesized when a function has built its constructs in a stack of their own. */
export function synthesize(build: (stack: TerraformStack) => void): Synthesized {
  const stack = testStack();
  build(stack);
  return synthesizeStack(stack);
}

/** The statements of a policy document, by their names. */
export function statements(policy: unknown): Record<string, Block> {
  const { Statement } = JSON.parse(policy as string) as { Statement: Block[] };
  return Object.fromEntries(Statement.map((statement) => [statement.Sid as string, statement]));
}
