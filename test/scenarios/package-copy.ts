import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "fs";
import * as path from "path";
import { packageRoot } from "../../lib/core/package-root";
import { run } from "../lab/command";

/** What synthesizing and applying the stacks of the lab reads of this package. */
const CONTENT = [
  ...["package.json", "tsconfig.json", "cdktf-flink.lock.json"],
  ...["lib", "stacks", "test/scenarios/lab-stacks.ts", "test/scenarios/hostile-strings.ts"],
  "test/scenarios/lab-image.ts",
  ...["test/scenarios/kafka/kafka-stacks.ts", "test/scenarios/opensearch/opensearch-stacks.ts"],
  "test/scenarios/operators/operator-roles.ts",
  ...["test/scenarios/postgresql/postgresql-stacks.ts", "test/scenarios/metrics-lab/metrics-stacks.ts"],
  ...["test/scenarios/orders-enrichment/orders-stacks.ts", "test/scenarios/logs/logs-stacks.ts"],
  ...["test/scenarios/others", "test/support/private-authorities.ts"],
  ...["build/bin", "scripts/bundle-agent.mjs", "scripts/build"],
];

/** The sources of this package in another folder, to be changed as a later release changes them. */
export class PackageCopy {
  public static create(folder: string): PackageCopy {
    const root = packageRoot();
    for (const name of CONTENT) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    return new PackageCopy(folder);
  }

  private constructor(public readonly folder: string) {}

  public get lockFile(): string {
    return path.join(this.folder, "cdktf-flink.lock.json");
  }

  /** Changes the text of a file, which must hold what is replaced. */
  public replace(file: string, before: string, after: string): void {
    const target = path.join(this.folder, file);
    const text = readFileSync(target, "utf8");
    if (!text.includes(before)) throw new Error(`${file} does not hold ${JSON.stringify(before)}`);
    writeFileSync(target, text.split(before).join(after));
  }

  public append(file: string, text: string): void {
    writeFileSync(path.join(this.folder, file), text, { flag: "a" });
  }

  /** Builds the agent of these sources. */
  public async buildAgent(): Promise<void> {
    await this.node(["--input-type=module", "-e", `await (await import("./scripts/bundle-agent.mjs")).bundleAgent();`]);
  }

  /** Synthesizes the stacks of the lab from these sources, with the settings that the environment holds. */
  public async synthesize(outdir: string, region: string): Promise<void> {
    const call = `synthesizeLabStacks(${JSON.stringify(outdir)}, ${JSON.stringify(region)})`;
    await this.node(["-r", "ts-node/register/transpile-only", "-e", `require("./test/scenarios/lab-stacks").${call}`]);
  }

  private async node(options: readonly string[]): Promise<void> {
    await run([process.execPath, ...options], { cwd: this.folder, timeout: 300_000 });
  }
}
