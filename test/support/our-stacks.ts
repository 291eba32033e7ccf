import { App } from "cdktf";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PIPELINE_SETTINGS } from "./pipeline-settings";
import { testStack } from "./synth";
import { Block, Synthesized } from "./synthesized";
import { VARIANTS } from "./variants";

const ROOT = resolve(__dirname, "..", "..");

/** One stack of a program of ours. */
export interface OurStack {
  /** Name of the program and of the stack in it, such as `quickstart/streaming`. */
  readonly name: string;
  /** Folder that Terraform would run in. */
  readonly folder: string;
  readonly synthesized: Synthesized;
}

/** What was synthesized, and where. */
export interface OurStacks {
  readonly stacks: readonly OurStack[];
  /** Folder that holds them all, and nothing else. */
  readonly outdir: string;
  /** Removes the folder. */
  readonly dispose: () => void;
}

/**
 * Synthesizes every stack of stacks/, of every example and of the variants, each program into a folder of its own.
 * To be called once per test file: a program runs when it is first imported.
 *
 * @param more further programs of one stack, by name
 */
export async function synthesizeOurStacks(more: typeof VARIANTS = {}): Promise<OurStacks> {
  const outdir = mkdtempSync(join(tmpdir(), "our-stacks-"));
  for (const { name, file, settings = {} } of programs()) {
    // Parts that the lock file of this repository names: the desired state is only synthesized with them.
    const environment = { CDKTF_OUTDIR: join(outdir, name), FLINK_SOFTWARE_ORIGIN: "package-registries", ...settings };
    await withEnvironment(environment, async () => {
      await import(file);
    });
  }
  for (const [name, build] of Object.entries({ ...VARIANTS, ...more })) {
    const app = new App({ outdir: join(outdir, name) });
    build(testStack(name, app));
    app.synth();
  }
  return { stacks: readStacks(outdir), outdir, dispose: () => rmSync(outdir, { recursive: true, force: true }) };
}

/** A program, and what a user has to set for it. */
interface Program {
  readonly name: string;
  readonly file: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Programs as users run them: the ready stacks, and each folder of examples/. */
function programs(): Program[] {
  const examples = readdirSync(join(ROOT, "examples")).map((name) => ({
    name,
    file: join(ROOT, "examples", name, "main.ts"),
  }));
  const missing = examples.filter(({ file }) => !existsSync(file));
  if (missing.length > 0) throw new Error(`${missing[0].file} is not there: every example is run by its main.ts`);
  return [
    { name: "stacks", file: join(ROOT, "stacks", "main.ts") },
    { name: "pipeline", file: join(ROOT, "stacks", "pipeline", "main.ts"), settings: PIPELINE_SETTINGS },
    ...examples,
  ];
}

/** Everything that was synthesized below a folder, by program and stack. */
function readStacks(outdir: string): OurStack[] {
  return readdirSync(outdir).flatMap((program) =>
    readdirSync(join(outdir, program, "stacks")).map((stack) => {
      const folder = join(outdir, program, "stacks", stack);
      const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Block;
      return { name: `${program}/${stack}`, folder, synthesized: new Synthesized(json) };
    }),
  );
}

/** Runs something with these variables set, and none that configures the ready stacks. */
async function withEnvironment(variables: Record<string, string>, action: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (/^(FLINK_|CDKTF_|AWS_)/.test(name)) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    await action();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
