import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { processEnd, startProcess } from "../../support/process";
import { writeCliConfiguration } from "../../support/provider-mirror";
import { ADMINISTRATOR, REGION } from "../clients";

const ROOT = resolve(__dirname, "../../..");
const COMMAND_LINE = join(ROOT, "build/bin/cdktf-flink.js");

/** What became of a script. */
export interface Ended {
  readonly code: number;
  /** All that is in the log of the run. */
  readonly log: string;
  /** What later steps are told. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A checkout of a user's repository on a machine of GitHub, whose AWS is the emulator. */
export class Runner {
  private calls = 0;

  public constructor(
    public readonly folder: string,
    private readonly endpoint: string,
    private readonly stateBucket: string,
  ) {
    if (!existsSync(COMMAND_LINE)) throw new Error(`${COMMAND_LINE} is not there: run \`make build\` first`);
    cpSync(join(ROOT, "examples/ci/scripts"), join(folder, "scripts"), { recursive: true });
    const modules = join(folder, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/@aws-sdk"), join(modules, "@aws-sdk"));
    symlinkSync(COMMAND_LINE, join(modules, ".bin/cdktf-flink"));
    chmodSync(COMMAND_LINE, 0o755);
    writeCliConfiguration(join(folder, "terraform.tfrc"));
  }

  /** Folder of a stack, as `cdktf synth` wrote it. */
  public stackFolder(stack: string): string {
    return join(this.folder, "cdktf.out/stacks", stack);
  }

  /** What was said of a stack's plan. */
  public words(stack: string): string {
    return readFileSync(join(this.folder, "cdktf.out/words", `${stack}.txt`), "utf8");
  }

  /** Runs a script as a step of a workflow does. */
  public async run(script: string, stack: string, variables: Record<string, string> = {}): Promise<Ended> {
    const outputFile = join(this.folder, `outputs-${this.calls++}`);
    writeFileSync(outputFile, "");
    const child = startProcess([process.execPath, `scripts/${script}`, stack], {
      cwd: this.folder,
      env: {
        ...withoutTerraformVariables(),
        AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey,
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL: this.endpoint,
        AWS_EC2_METADATA_DISABLED: "true",
        CHECKPOINT_DISABLE: "1",
        GITHUB_OUTPUT: outputFile,
        GOGC: "400",
        STATE_BUCKET: this.stateBucket,
        TF_CLI_CONFIG_FILE: join(this.folder, "terraform.tfrc"),
        ...variables,
      },
    });
    child.stdin!.end();
    let log = "";
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (piece) => (log += String(piece)));
    const code = await processEnd(child);
    const lines = readFileSync(outputFile, "utf8").split("\n").filter(Boolean);
    return { code, log, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2))) };
  }
}

function withoutTerraformVariables(): Record<string, undefined> {
  const ours = Object.keys(process.env).filter((name) => /^(TF_|AWS_|GITHUB_)/.test(name));
  return Object.fromEntries(ours.map((name) => [name, undefined]));
}
