import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../support/process";
import { environmentIn, installIn, ROOT } from "../user-machine";

/** What README says to install, beside this package itself. */
const PACKAGES = ["@cdktf", "@types", "cdktf", "cdktf-cli", "constructs", "ts-node", "typescript"];
const LONGEST_COMMAND_SECONDS = 480;

/** A folder of a user's own with an example in it, whose AWS is the emulator: its command lines are told so by their environment alone. */
export class CdktfProject {
  public constructor(
    public readonly folder: string,
    example: string,
    private readonly endpoint: string,
  ) {
    cpSync(join(ROOT, "examples", example), folder, { recursive: true });
    // That it type-checks is for test/package to find, once.
    this.edit("cdktf.json", "npx ts-node", "npx ts-node --transpile-only");
    installIn(folder, PACKAGES);
    const modules = join(folder, "node_modules");
    for (const name of ["cdktf", "ts-node"])
      symlinkSync(join(ROOT, "node_modules/.bin", name), join(modules, ".bin", name));
    symlinkSync(ROOT, join(modules, "cdktf-flink"));
  }

  /** Path of a file of the project. */
  public file(name: string): string {
    return join(this.folder, name);
  }

  /** Changes the one place of a file, as a user does in an editor. */
  public edit(name: string, from: string, to: string): void {
    const parts = readFileSync(this.file(name), "utf8").split(from);
    if (parts.length !== 2) throw new Error(`${name} has ${parts.length - 1} places with ${from}, but must have one`);
    writeFileSync(this.file(name), parts.join(to));
  }

  /** Runs a line that a user types; what it prints. A line that fails is an error with what it printed. */
  public async type(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await run(line.split(" "), {
      cwd: this.folder,
      env: this.environment(),
      timeoutSeconds: LONGEST_COMMAND_SECONDS,
      anyExitCode: true,
    });
    if (exitCode !== 0) throw new Error(`${line} ended with exit code ${exitCode}:\n${stdout}${stderr}`);
    return stdout;
  }

  private environment(): Record<string, string | undefined> {
    return {
      ...environmentIn(this.folder, this.endpoint),
      CDKTF_FLINK_CACHE: this.file("cache"),
      CDKTF_HOME: this.file("cdktf-home"),
      // It would keep links to a mirror in a folder of the user's.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      CI: "1",
      FORCE_COLOR: "0",
    };
  }
}
