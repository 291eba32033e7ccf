import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ProcessError, ProcessResult, run } from "./process";
import { initLock, writeCliConfiguration } from "./provider-mirror";

export interface TerraformProps {
  /** Added to the environment of every call. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Network namespace that Terraform and its providers run in. */
  readonly namespace?: string;
  /** File that everything Terraform says is appended to. Default: `terraform.log` in the folder. */
  readonly logFile?: string;
  /** Seconds for one call. Default: 900. */
  readonly timeoutSeconds?: number;
  /** Default: `terraform` of the PATH. */
  readonly binary?: string;
}

/** What a plan would do with one resource. `replace` is a destruction and a creation in either order. */
export type PlannedAction = "create" | "update" | "delete" | "replace" | "forget";

/** One change of a plan, as `terraform show -json` gives it. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

/** A plan, as `terraform show -json` gives it. */
export interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
  readonly [other: string]: unknown;
}

/** Terraform's own words. */
export class TerraformError extends Error {
  public constructor(
    command: string,
    public readonly result: ProcessResult,
    logFile: string,
  ) {
    super(`terraform ${command} failed after ${result.seconds.toFixed(1)} s (log: ${logFile}):\n${ownMessage(result)}`);
    this.name = "TerraformError";
  }
}

const PLAN_FILE = "planned.tfplan";
const TELL_WHETHER_CHANGES = "-detailed-exitcode";
/** Exit code of a plan that was asked so, and has some. */
const HAS_CHANGES = 2;

/**
 * With each call the AWS provider describes all its resources: much memory, of which nothing is free before the end. Go
 * would look for some again and again, in a quarter of the processor time. The limit is where it looks all the same.
 */
const COLLECT_LESS_GARBAGE = { GOGC: "400", GOMEMLIMIT: "900MiB" };

/** Runs Terraform in one folder. Nothing of the user's Terraform settings plays a part. */
export class Terraform {
  private readonly env: Readonly<Record<string, string | undefined>>;
  private readonly seconds: Record<string, number> = {};

  public constructor(
    public readonly dir: string,
    private readonly props: TerraformProps = {},
  ) {
    mkdirSync(dir, { recursive: true });
    const cliConfiguration = join(dir, "terraform-cli.tfrc");
    writeCliConfiguration(cliConfiguration);
    this.env = {
      ...withoutTerraformVariables(),
      TF_CLI_CONFIG_FILE: cliConfiguration,
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      CHECKPOINT_DISABLE: "1",
      AWS_EC2_METADATA_DISABLED: "true",
      ...COLLECT_LESS_GARBAGE,
      ...props.env,
    };
  }

  public get logFile(): string {
    return this.props.logFile ?? join(this.dir, "terraform.log");
  }

  /** Seconds that the last call of each command took, such as `{ apply: 57.3 }`. */
  public get timing(): Readonly<Record<string, number>> {
    return this.seconds;
  }

  public async init(): Promise<void> {
    await this.call("init");
  }

  public async validate(): Promise<void> {
    await this.call("validate");
  }

  /** Plans and keeps the plan for `apply({ planned: true })`. One that would do nothing at all is not read: it is empty. */
  public async plan(...options: readonly string[]): Promise<Plan> {
    const { exitCode } = await this.call("plan", `-out=${PLAN_FILE}`, TELL_WHETHER_CHANGES, ...options);
    if (exitCode !== HAS_CHANGES) return {};
    return JSON.parse((await this.call("show", "-json", PLAN_FILE)).stdout) as Plan;
  }

  /** What a plan would do, by address; resources that it would leave alone or only read are not in it. */
  public async planActions(...options: readonly string[]): Promise<Record<string, PlannedAction>> {
    return plannedActions(await this.plan(...options));
  }

  /** Applies the configuration, or with `planned` exactly what the last plan said. */
  public async apply(
    options: { readonly planned?: boolean; readonly arguments?: readonly string[] } = {},
  ): Promise<void> {
    const rest = [...(options.arguments ?? []), ...(options.planned ? [PLAN_FILE] : [])];
    await this.call("apply", "-auto-approve", ...rest);
  }

  /** Applies until it is killed, with all that it has begun, as where a laptop is closed. Fails where it ends before. */
  public async applyUntilKilled(killedBy: AbortSignal): Promise<void> {
    const { exitCode, stdout } = await this.execute("apply", ["-auto-approve"], killedBy);
    if (killedBy.aborted) return;
    throw new Error(`terraform apply ended with ${exitCode} before it was killed:\n${stdout}`);
  }

  public async destroy(...options: readonly string[]): Promise<void> {
    await this.call("destroy", "-auto-approve", ...options);
  }

  /** Values of the outputs by name. */
  public async output<T = Record<string, unknown>>(): Promise<T> {
    const outputs = JSON.parse((await this.call("output", "-json")).stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])) as T;
  }

  /** The state, as `terraform show -json` gives it. */
  public async show(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.call("show", "-json")).stdout) as Record<string, unknown>;
  }

  /** Addresses in the state. */
  public async stateList(): Promise<string[]> {
    return (await this.call("state", "list")).stdout.split("\n").filter(Boolean);
  }

  /** Any other command, such as `call("taint", address)`. */
  public async call(command: string, ...options: readonly string[]): Promise<ProcessResult> {
    const result = await this.callAnyway(command, ...options);
    const hasChanges = options.includes(TELL_WHETHER_CHANGES) && result.exitCode === HAS_CHANGES;
    if (result.exitCode !== 0 && !hasChanges) throw new TerraformError(command, result, this.logFile);
    this.seconds[command] = result.seconds;
    return result;
  }

  /** The same, whatever its exit code is. */
  public callAnyway(command: string, ...options: readonly string[]): Promise<ProcessResult> {
    return this.execute(command, options);
  }

  private async execute(command: string, options: readonly string[], killedBy?: AbortSignal): Promise<ProcessResult> {
    // Terraform wants its flags before file names.
    const colourless = COMMANDS_WITHOUT_COLOUR_FLAG.has(command) ? [] : ["-no-color"];
    const locked = command === "init" ? initLock() : [];
    const argv = [...locked, this.props.binary ?? "terraform", command, ...colourless, ...options];
    try {
      return await run(argv, {
        cwd: this.dir,
        env: this.env,
        namespace: this.props.namespace,
        // What `show` and `output` print is data, not what happened, and may be megabytes.
        logFile: DATA_COMMANDS.has(command) ? undefined : this.logFile,
        timeoutSeconds: this.props.timeoutSeconds ?? 900,
        ...(killedBy ? { killedBy } : {}),
        anyExitCode: true,
      });
    } catch (error) {
      if (error instanceof ProcessError) throw new TerraformError(command, error.result, this.logFile);
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        const what = argv[0] === "flock" ? "flock of util-linux" : "Terraform 1.11 or newer";
        throw new Error(`${argv[0]} was not found: install ${what} and put it on the PATH`);
      }
      throw error;
    }
  }
}

const COMMANDS_WITHOUT_COLOUR_FLAG = new Set(["state", "version", "providers"]);
const DATA_COMMANDS = new Set(["show", "output", "state", "providers"]);

/** What a plan would do, by address. */
export function plannedActions(plan: Plan): Record<string, PlannedAction> {
  const actions: Record<string, PlannedAction> = {};
  for (const { address, change } of plan.resource_changes ?? []) {
    const [first, second] = change.actions;
    if (first === "no-op" || first === "read") continue;
    actions[address] = second ? "replace" : (first as PlannedAction);
  }
  return actions;
}

function withoutTerraformVariables(): Record<string, undefined> {
  const ours = Object.keys(process.env).filter((name) => /^(TF_|AWS_)/.test(name));
  return Object.fromEntries(ours.map((name) => [name, undefined]));
}

/** The error blocks of Terraform's output without their frames; all of the output if it has none. */
function ownMessage(result: ProcessResult): string {
  const text = result.stderr.trim() || result.stdout.trim();
  const unframed = text.replace(/^[╷│╵] ?/gm, "").trim();
  const errors = unframed.indexOf("Error:");
  return errors < 0 ? unframed : unframed.slice(errors);
}
