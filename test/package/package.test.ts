import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(__dirname, "../..");
const PEERS = ["@cdktf/provider-aws", "cdktf", "constructs"];
const INSTALL_TIMEOUT = 300_000;
const STEP_TIMEOUT = 120_000;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}

const manifest = manifestOf(root);
let app: string;
let packedFiles: string[];

/** Runs a program of the app; what it printed, or an error that says it. */
function run(command: string, args: string[], cwd = app): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Packs what the build made, and installs it into an app that has the peers and nothing else. */
beforeAll(() => {
  if (!existsSync(path.join(root, "build/lib/index.js")))
    throw new Error("There is no build/: run `make build` first.");
  app = mkdtempSync(path.join(tmpdir(), "fresh-app-"));
  const packed = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", app], root)) as unknown;
  const [tarball] = Object.values(packed as object) as { filename: string; files: { path: string }[] }[];
  packedFiles = tarball.files.map((file) => file.path);
  const dependencies = Object.fromEntries(PEERS.map((peer) => [peer, manifest.devDependencies[peer]]));
  const own = { [manifest.name]: `file:${tarball.filename}` };
  writeFileSync(
    path.join(app, "package.json"),
    JSON.stringify({ name: "fresh-app", private: true, dependencies: { ...dependencies, ...own } }),
  );
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
}, INSTALL_TIMEOUT);

afterAll(() => rmSync(app, { recursive: true, force: true }));

test("the package asks for nothing at run time", () => {
  expect(manifest.dependencies).toBeUndefined();
});

test("a fresh app installs it with its peers and nothing else", () => {
  const lock = JSON.parse(readFileSync(path.join(app, "package-lock.json"), "utf8")) as {
    packages: Record<string, { inBundle?: boolean }>;
  };
  const installed = Object.entries(lock.packages)
    .filter(([folder, { inBundle }]) => folder !== "" && !inBundle)
    .map(([folder]) => folder.replace(/^node_modules\//, ""));
  expect(installed.sort()).toEqual([...PEERS, manifest.name].sort());
});

test("it holds the library, the programs and the licences, and no source or test", () => {
  expect(packedFiles).toEqual(
    expect.arrayContaining([
      ".jsii",
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "build/THIRD-PARTY-LICENSES",
      "build/lib/index.js",
      "build/lib/index.d.ts",
      "build/agent/agent.js",
      ...Object.values(manifest.bin),
    ]),
  );
  const strays = packedFiles.filter(
    (file) => /(^|\/)test\//.test(file) || (/\.ts$/.test(file) && !/\.d\.ts$/.test(file)),
  );
  expect(strays).toEqual([]);
});

describe("the quickstart, as a user's own program", () => {
  beforeAll(() => copyFileSync(path.join(root, "examples/quickstart/main.ts"), path.join(app, "main.ts")));

  test(
    "type-checks strictly against the package",
    () => {
      const compilerOptions = {
        target: "ES2022",
        module: "commonjs",
        moduleResolution: "node",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ["node"],
        // The app's own types only: the package's must be found in what it installed.
        typeRoots: [path.join(root, "node_modules/@types")],
      };
      writeFileSync(path.join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
      expect(run(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", app])).toBe("");
    },
    STEP_TIMEOUT,
  );

  test(
    "synthesizes in plain JavaScript",
    () => {
      const source = readFileSync(path.join(app, "main.ts"), "utf8");
      const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
      writeFileSync(path.join(app, "main.js"), outputText);
      run(process.execPath, ["main.js"]);
      const stack = JSON.parse(readFileSync(path.join(app, "cdktf.out/stacks/streaming/cdk.tf.json"), "utf8")) as {
        resource: Record<string, object>;
      };
      expect(Object.keys(stack.resource.aws_instance)).toHaveLength(3);
    },
    STEP_TIMEOUT,
  );
});

test(
  "its command line runs with nothing but what it brings",
  () => {
    const help = run(path.join(app, "node_modules/.bin", Object.keys(manifest.bin)[0]), ["--help"]);
    expect(help).toContain("Usage: cdktf-flink");
  },
  STEP_TIMEOUT,
);
