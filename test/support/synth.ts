import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing, TerraformStack } from "cdktf";

/** One resource or data source as it stands in the synthesized JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of many shapes, which the tests look into
export type Block = Record<string, any>;

/** The synthesized JSON of one stack, and ways to look into it. */
export class Synthesized {
  public constructor(public readonly json: { resource?: Record<string, Record<string, Block>> } & Block) {}

  /** All resources of a type, by logical id. */
  public resources(type: string): Record<string, Block> {
    return this.json.resource?.[type] ?? {};
  }

  /** All resources of a type, in the order of their logical ids. */
  public all(type: string): Block[] {
    return Object.values(this.resources(type));
  }

  /** The only resource of a type. */
  public only(type: string): Block {
    const all = this.all(type);
    if (all.length !== 1) throw new Error(`expected one ${type} and found ${all.length}`);
    return all[0];
  }

  /** The only resource of a type whose logical id begins so. */
  public named(type: string, beginning: string): Block {
    const found = Object.entries(this.resources(type)).filter(([id]) => id.startsWith(beginning));
    if (found.length !== 1) throw new Error(`expected one ${type} named ${beginning} and found ${found.length}`);
    return found[0][1];
  }

  /** All data sources of a type. */
  public data(type: string): Block[] {
    return Object.values((this.json.data as Record<string, Record<string, Block>> | undefined)?.[type] ?? {});
  }

  /** The whole as text. */
  public get text(): string {
    return JSON.stringify(this.json);
  }
}

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
