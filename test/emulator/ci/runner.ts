import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processEnd, startProcess } from "../../support/process";
import { environmentIn, installIn, ROOT } from "../user-machine";

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
    cpSync(join(ROOT, "examples/ci/scripts"), join(folder, "scripts"), { recursive: true });
    installIn(folder, ["@aws-sdk"]);
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
        ...environmentIn(this.folder, this.endpoint),
        GITHUB_OUTPUT: outputFile,
        STATE_BUCKET: this.stateBucket,
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
