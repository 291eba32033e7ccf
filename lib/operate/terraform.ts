import { spawn, type ChildProcess } from "node:child_process";
import { withoutSecrets } from "../core/without-secrets";
import { Problem } from "../software/problem";

export interface PlanOptions {
  /** Addresses of what is to be made anew. */
  readonly replace: readonly string[];
  /** Addresses of what the plan is about, with all that they depend on. */
  readonly targets: readonly string[];
  /** Where the plan is kept. It may hold secrets. */
  readonly out: string;
}

/** As the CDK for Terraform finds it. */
const PROGRAM = "TERRAFORM_BINARY_NAME";
/** Terraform's own words for what another one does at the same time. */
const HELD_LOCK = /Error acquiring the state lock/;
const STALE_PLAN = /Saved plan is stale/;
/** Longer ones are of many resources, and the first says why. */
const LONGEST_WORDS = 2000;
/** What it says of a resource while it works, such as `aws_instance.a: Still creating... [10s elapsed]`. */
const STEP = /^[\w.[\]"-]+: .*(?:\.\.\.|\bcomplete)/;

/**
 * Terraform in the folder of one synthesized stack. It runs in a group of processes of its own, so that a Ctrl-C of
 * the terminal reaches it once: a second one would make it end in the middle of a call.
 */
export class Terraform {
  private running?: ChildProcess;
  private wasInterrupted = false;

  public constructor(private readonly dir: string) {}

  public get isRunning(): boolean {
    return this.running !== undefined;
  }

  public async init(): Promise<void> {
    await this.run("init", ["-input=false"]);
  }

  public async plan({ replace, targets, out }: PlanOptions): Promise<void> {
    const options = [
      ...replace.map((address) => `-replace=${address}`),
      ...targets.map((address) => `-target=${address}`),
    ];
    await this.run("plan", ["-input=false", `-out=${out}`, ...options]);
  }

  /** A saved plan as JSON. */
  public showPlan(file: string): Promise<string> {
    return this.run("show", ["-json", file]);
  }

  /** Applies exactly what was planned; tells of each step of it. */
  public async apply(file: string, onStep: (step: string) => void): Promise<void> {
    await this.run("apply", ["-input=false", file], onStep);
  }

  /** The values of the outputs, as they were applied last. */
  public async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const outputs = JSON.parse(await this.run("output", ["-json"])) as Record<string, { readonly value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Lets it end what it has begun; asked again, it ends at once, as with a second Ctrl-C. */
  public interrupt(): void {
    this.wasInterrupted = true;
    this.running?.kill("SIGINT");
  }

  private async run(command: string, options: readonly string[], onStep?: (step: string) => void): Promise<string> {
    if (this.wasInterrupted) throw interrupted(command);
    const program = process.env[PROGRAM] || "terraform";
    const chdir = `-chdir=${this.dir}`;
    const colourless = command === "output" ? [] : ["-no-color"];
    const child = spawn(program, [chdir, command, ...colourless, ...options], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TF_IN_AUTOMATION: "1" },
      detached: true,
    });
    this.running = child;
    try {
      const [stdout, stderr] = [gather(child.stdout, onStep), gather(child.stderr)];
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", (error) => reject(notStarted(program, error)));
        child.once("close", resolve);
      });
      if (code === 0) return stdout();
      if (this.wasInterrupted) throw interrupted(command);
      throw failureOf(command, `${stderr()}\n${stdout()}`);
    } finally {
      this.running = undefined;
    }
  }
}

function gather(stream: NodeJS.ReadableStream, onStep?: (step: string) => void): () => string {
  const chunks: string[] = [];
  let line = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    chunks.push(chunk);
    if (!onStep) return;
    const lines = `${line}${chunk}`.split("\n");
    line = lines.pop()!;
    for (const each of lines) if (STEP.test(each)) onStep(each);
  });
  return () => chunks.join("");
}

function notStarted(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") return error;
  return new Problem(
    `${program} was not found: install Terraform 1.11 or newer and put it on the PATH, or name it with ${PROGRAM}`,
  );
}

function interrupted(command: string): Problem {
  return new Problem(`terraform ${command} was interrupted`);
}

function failureOf(command: string, said: string): Problem {
  if (HELD_LOCK.test(said)) {
    return new Problem(
      "somebody else works with the state of this stack just now: wait until that has ended, then run the command again",
    );
  }
  if (STALE_PLAN.test(said)) {
    return new Problem(
      "somebody else has changed the stack since it was planned, and nothing was done: run the command again",
    );
  }
  const unframed = said.replace(/^[╷│╵] ?/gm, "");
  const begin = unframed.indexOf("Error:");
  const words = (begin < 0 ? unframed : unframed.slice(begin)).replace(/\s+/g, " ").trim();
  return new Problem(`terraform ${command} failed: ${withoutSecrets(words).slice(0, LONGEST_WORDS)}`);
}
