import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { cacheDirectory } from "../../../lib/software/cache";
import { PIPELINE_SETTINGS } from "../../support/pipeline-settings";

const ROOT = path.resolve(__dirname, "../../..");
const QUIETLY = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];

/** What a user's package.json asks for beside this package. */
export interface Peers {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** A folder as a user has it: the packed package, its peers, and programs that import them. */
export class Installation {
  /** The peers are kept outside of every checkout, as they never change; package and programs are those of now. */
  public static create(peers: Peers, tarball: string): Installation {
    const manifest = JSON.stringify({ name: "compatibility", private: true, ...peers }, undefined, 2);
    const hash = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
    const folder = path.join(cacheDirectory(), "compatibility", hash);
    if (!existsSync(path.join(folder, "complete"))) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "package.json"), manifest);
      run("npm", ["install", ...QUIETLY], folder);
      writeFileSync(path.join(folder, "complete"), "");
    }
    // Refused by npm where these are no peers that the package takes.
    run("npm", ["install", "--no-save", ...QUIETLY, tarball], folder);
    const installation = new Installation(folder);
    installation.copyPrograms();
    return installation;
  }

  private constructor(public readonly folder: string) {}

  /** Version of an installed package, as its own manifest has it. */
  public version(name: string): string {
    const manifest = readFileSync(path.join(this.folder, "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  }

  /**
   * What every example and the ready stacks become: each file that was synthesized, by its path, as text in which nothing
   * tells of this folder.
   */
  public synthesize(): ReadonlyMap<string, string> {
    const out = path.join(this.folder, "out");
    rmSync(out, { recursive: true, force: true });
    for (const [program, settings] of Object.entries(this.programs())) {
      const outdir = path.join(out, path.dirname(program));
      mkdirSync(outdir, { recursive: true });
      run(process.execPath, [program], path.join(this.folder, "programs"), {
        ...{ FLINK_SOFTWARE_ORIGIN: "package-registries", AWS_REGION: "eu-west-1", CDKTF_OUTDIR: outdir },
        ...settings,
      });
    }
    const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith("cdk.tf.json"),
    );
    return new Map(
      files.sort().map((file) => [file, readFileSync(path.join(out, file), "utf8").replaceAll(this.folder, "")]),
    );
  }

  /** Checks the types of the programs, and of what they import; gives what the compiler says. */
  public typeCheck(): string {
    const options = { strict: true, module: "commonjs", target: "es2022", esModuleInterop: true, noEmit: true };
    writeFileSync(
      path.join(this.folder, "programs/tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...options, types: ["node"], typeRoots: [path.join(ROOT, "node_modules/@types")] },
        include: ["**/*.ts"],
      }),
    );
    const compiler = path.join(ROOT, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", path.join(this.folder, "programs")], {
      encoding: "utf8",
    });
    return status === 0 ? "" : stdout;
  }

  /** Programs, each with what a user has to set for it. */
  private programs(): Record<string, NodeJS.ProcessEnv> {
    const examples = readdirSync(path.join(this.folder, "programs/examples"));
    return {
      ...Object.fromEntries(examples.map((name) => [`examples/${name}/main.js`, {}])),
      "stacks/main.js": {},
      "stacks/pipeline/main.js": PIPELINE_SETTINGS,
    };
  }

  private copyPrograms(): void {
    const programs = path.join(this.folder, "programs");
    rmSync(programs, { recursive: true, force: true });
    for (const name of ["examples", "stacks", "cdktf-flink.lock.json"]) {
      cpSync(path.join(ROOT, name), path.join(programs, name), { recursive: true });
    }
    const files = readdirSync(programs, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(programs, file));
    for (const file of files) {
      writeFileSync(file, readFileSync(file, "utf8").replace(/"(\.\.\/)+lib"/g, '"cdktf-flink"'));
    }
    buildSync({
      entryPoints: files,
      outdir: programs,
      outbase: programs,
      format: "cjs",
      platform: "node",
      target: "node20",
    });
  }
}

function run(command: string, args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
}
