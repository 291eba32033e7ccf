import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PIPELINE_SETTINGS } from "../support/pipeline-settings";

const root = path.resolve(__dirname, "../..");
const INSTALL_TIMEOUT = 300_000;
const STEP_TIMEOUT = 120_000;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}

const manifest = manifestOf(root);
const readme = readFileSync(path.join(root, "README.md"), "utf8");
let app: string;
let packedFiles: string[];

/** The lines of README's shell blocks that begin so: what a new user types. */
function readmeCommands(beginning: string): string[] {
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block.split("\n"));
  return blocks.map((line) => line.replace(/ +#.*$/, "").trim()).filter((line) => line.startsWith(beginning));
}

/** Words that stand where a user puts something of his own. */
function isOwn(word: string): boolean {
  return /[/<…]/.test(word) && !word.startsWith("@");
}

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program of the app to its end. */
function attempt(command: string, args: string[], cwd = app, env: NodeJS.ProcessEnv = {}): Ended {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return { status, output: `${stdout}${stderr}` };
}

/** What a program printed, or an error that says it. */
function run(command: string, args: string[], cwd = app, env: NodeJS.ProcessEnv = {}): string {
  const { status, output } = attempt(command, args, cwd, env);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
  return output;
}

const INSTALL_QUIETLY = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];

/** One of README's two lines, with the packed package where it names its file. */
function install(line: string): void {
  const words = line.split(" ").slice(1);
  run("npm", [...words.map((word) => (isOwn(word) ? `./${path.basename(word)}` : word)), ...INSTALL_QUIETLY]);
}

/** Packs what the build made, and installs it into an app that has the peers and nothing else. */
beforeAll(() => {
  if (!existsSync(path.join(root, "build/lib/index.js")))
    throw new Error("There is no build/: run `make build` first.");
  app = mkdtempSync(path.join(tmpdir(), "fresh-app-"));
  const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", app], { cwd: root, encoding: "utf8" });
  const [tarball] = Object.values(JSON.parse(packed.stdout) as object) as { files: { path: string }[] }[];
  packedFiles = tarball.files.map((file) => file.path);
  writeFileSync(path.join(app, "package.json"), JSON.stringify({ name: "fresh-app", private: true }));
  install(readmeCommands("npm install cdktf@")[0]);
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
  expect(installed.sort()).toEqual([...Object.keys(manifest.peerDependencies), manifest.name].sort());
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
      "build/connectors/flink-connector-opensearch.tar.gz",
      "build/functions/grafana-provisioner.zip",
      "build/functions/kafka-provisioner.zip",
      "build/functions/opensearch-provisioner.zip",
      "build/functions/postgresql-provisioner.zip",
      "build/log-exporter/log-exporter.js",
      ...["components.go", "go.mod", "go.sum", "main.go"].map((file) => `programs/otelcol-0.160.0/${file}`),
      ...["go.mod", "go.sum"].map((file) => `programs/telegraf-1.37.2/${file}`),
      "build/lib/node/metrics/names.star",
      ...Object.values(manifest.bin),
    ]),
  );
  const strays = packedFiles.filter(
    (file) => /(^|\/)test\//.test(file) || (/\.ts$/.test(file) && !/\.d\.ts$/.test(file)),
  );
  expect(strays).toEqual([]);
});

describe("the quickstart, as README goes", () => {
  const noAnswers = { CI: "1", CHECKPOINT_DISABLE: "1" };
  const cdktf = (args: string[]): Ended => attempt("npx", ["cdktf", ...args], app, noAnswers);

  beforeAll(() => {
    install(readmeCommands("npm install --save-dev")[0]);
    const files = path.join(root, "examples/quickstart");
    for (const file of readdirSync(files)) copyFileSync(path.join(files, file), path.join(app, file));
  }, INSTALL_TIMEOUT);

  test("README shows the program of the example, word for word", () => {
    const [, program] = /^```ts\n([\s\S]*?)^```/m.exec(readme)!;
    expect(program).toBe(readFileSync(path.join(app, "main.ts"), "utf8"));
  });

  test(
    "type-checks strictly against the package, and so do the examples",
    () => {
      cpSync(path.join(root, "examples"), path.join(app, "examples"), { recursive: true });
      expect(run(path.join(app, "node_modules/.bin/tsc"), ["--noEmit"])).toBe("");
    },
    STEP_TIMEOUT,
  );

  test(
    "another team's program takes constructs of the package into its own stacks",
    () => {
      const program = path.join(app, "examples/library/main.ts");
      const CDKTF_OUTDIR = path.join(app, "library.out");
      run(path.join(app, "node_modules/.bin/ts-node"), ["--transpile-only", program], app, { CDKTF_OUTDIR });
      const orders = readFileSync(path.join(CDKTF_OUTDIR, "stacks/orders/cdk.tf.json"), "utf8");
      const { resource } = JSON.parse(orders) as { resource: Record<string, Record<string, { tags: object }>> };
      const machines = Object.values(resource.aws_instance).map(({ tags }) => tags);
      expect(machines).toHaveLength(3);
      for (const tags of machines) expect(tags).toMatchObject({ team: "orders", "cost-center": "cc-42" });
      expect(resource).not.toHaveProperty("aws_vpc");
    },
    STEP_TIMEOUT,
  );

  test(
    "synthesizes",
    () => {
      expect(cdktf(["synth"])).toMatchObject({ status: 0 });
      const stack = JSON.parse(readFileSync(path.join(app, "cdktf.out/stacks/streaming/cdk.tf.json"), "utf8")) as {
        resource: Record<string, object>;
      };
      expect(Object.keys(stack.resource.aws_instance)).toHaveLength(3);
    },
    STEP_TIMEOUT,
  );

  describe("its commands for stacks, as far as they go without a provider", () => {
    const commands = [...new Set([...readmeCommands("npx cdktf deploy"), ...readmeCommands("npx cdktf destroy")])];

    beforeAll(() => {
      mkdirSync(path.join(app, "no-providers"));
      writeFileSync(
        path.join(app, "no-providers.tfrc"),
        `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(path.join(app, "no-providers"))}\n  }\n}\n`,
      );
    });

    const begun = (command: string): string =>
      attempt("npx", [...command.split(" ").slice(1), "--auto-approve", "--skip-synth"], app, {
        ...noAnswers,
        TF_CLI_CONFIG_FILE: path.join(app, "no-providers.tfrc"),
      }).output;

    test("there are some of both kinds", () => {
      expect(commands.map((command) => command.split(" ")[2])).toEqual(expect.arrayContaining(["deploy", "destroy"]));
    });

    test.each(commands)(
      "%s",
      (command) => {
        const output = begun(command);
        expect(output).not.toContain("Usage Error");
        expect(output).toContain("terraform init failed");
      },
      STEP_TIMEOUT,
    );

    test(
      "a stack without the one that it refers to is refused, which is why the commands are as they are",
      () => expect(begun("npx cdktf deploy streaming")).toContain("Usage Error"),
      STEP_TIMEOUT,
    );
  });
});

test(
  "the ready stacks work as a user's own once they import the package",
  () => {
    const copy = path.join(app, "stacks");
    cpSync(path.join(root, "stacks"), copy, { recursive: true });
    const files = readdirSync(copy, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    for (const file of files) {
      const text = readFileSync(path.join(copy, file), "utf8");
      writeFileSync(path.join(copy, file), text.replace(/"(\.\.\/)+lib"/g, '"cdktf-flink"'));
    }
    const stacksOf = (program: string, settings: Record<string, string> = {}): string[] => {
      const outdir = `own-${path.basename(path.dirname(program))}.out`;
      run(path.join(app, "node_modules/.bin/ts-node"), [program], app, { ...settings, CDKTF_OUTDIR: outdir });
      return readdirSync(path.join(app, outdir, "stacks")).sort();
    };
    expect(stacksOf("stacks/main.ts")).toEqual(["storage", "streaming"]);
    const pipeline = stacksOf("stacks/pipeline/main.ts", PIPELINE_SETTINGS);
    expect(pipeline).toEqual(["pipeline", "pipeline-network", "pipeline-sinks", "pipeline-storage"]);
  },
  STEP_TIMEOUT,
);

describe("its command line", () => {
  const ended = (...args: string[]): Ended =>
    attempt(path.join(app, "node_modules/.bin", Object.keys(manifest.bin)[0]), args, app, {
      AWS_PROFILE: "nope",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONFIG_FILE: "none",
      AWS_SHARED_CREDENTIALS_FILE: "none",
    });

  test.each([
    ["--help", 0, "Usage: cdktf-flink"],
    ["wait --help", 0, "default: 10m"],
    ["status --help", 0, "Example:"],
    ["wait", 2, "it is not said which cluster is meant: give --cluster and --region, or --outputs"],
    ["wiat", 2, "Did you mean wait?"],
    ["fetch --flink 2.9", 2, '--flink is "2.9", but must be one of '],
    ["publish --bucket some-bucket", 1, "there is no lock file"],
    ["status --bucket some-bucket --cluster orders", 1, "for the profile nope: sign in"],
  ])(
    "%s ends with %i",
    (args, status, output) =>
      expect(ended(...args.split(" "))).toEqual({ status, output: expect.stringContaining(output) as string }),
    STEP_TIMEOUT,
  );
});
