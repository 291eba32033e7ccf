import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing, TerraformStack } from "cdktf";
import { type Block, Synthesized } from "./synthesized";

export { type Block, Synthesized };

/** A stack of its own for one test. */
export function testStack(id = "stack", app = Testing.app()): TerraformStack {
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
