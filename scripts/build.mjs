/**
 * Makes `build/`, which is what the npm package holds:
 *
 *   build/lib/    the library: what lib/index.ts reaches, compiled and checked by jsii, with its assets
 *   build/agent/  the program that runs on a node, one file
 *   build/log-exporter/  the program by which a node's logs leave it, one file
 *   build/functions/  programs that AWS Lambda runs, one archive each
 *   build/bin/    the command line, one file
 *   build/connectors/  connectors of our own for Flink, one archive each
 *
 * With `--programs` there is no library in it, and it cannot be packed: what runs from this folder loads its sources.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { copyAssets } from "./build/assets.mjs";
import { buildConnectors } from "./build/connectors.mjs";
import { writeLicences } from "./build/licences.mjs";
import { root } from "./build/root.mjs";
import { assertTypesNeedOnlyPeers, vendorPackages } from "./build/vendor.mjs";

const require = createRequire(import.meta.url);

/** Compiles what lib/index.ts reaches and writes the description of the public API to `.jsii`. */
function compileLibrary() {
  removeLibrary();
  const result = spawnSync(
    process.execPath,
    [
      require.resolve("jsii/bin/jsii"),
      ...["--tsconfig", "tsconfig.jsii.json"],
      // The generated settings stop at ES2020; every Node.js that we support runs ES2022.
      ...["--validate-tsconfig", "minimal"],
      // The peer range begins below the version of `constructs` that we develop with, on purpose; and names that are
      // words of the Go language trouble no one as long as Go is no target.
      ...["--silence-warnings", "metadata/missing-dev-dependency", "language-compatibility/reserved-word"],
      "--fail-on-warnings",
    ],
    {
      cwd: root,
      stdio: "inherit",
      // Node.js 20 is the oldest that we support, so it is built with on purpose.
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split(".")[0] },
    },
  );
  if (result.status !== 0) throw new Error("jsii refused the library: its messages stand above");
}

/** Runs the bundler of a program that is not part of the library; returns its metafile. */
async function bundleProgram(script, exportedFunction) {
  const bundler = await import(pathToFileURL(path.join(root, "scripts", script)).href);
  return bundler[exportedFunction]();
}

function removeLibrary() {
  rmSync(path.join(root, "build/lib"), { recursive: true, force: true });
  rmSync(path.join(root, ".jsii"), { force: true });
}

/** All programs; returns their metafiles. */
async function bundlePrograms() {
  return [
    await bundleProgram("bundle-agent.mjs", "bundleAgent"),
    await bundleProgram("bundle-log-exporter.mjs", "bundleLogExporter"),
    await bundleProgram("bundle-cli.mjs", "bundleCli"),
    ...(await bundleProgram("bundle-functions.mjs", "bundleFunctions")),
  ];
}

async function buildAll() {
  compileLibrary();
  const vendored = await vendorPackages();
  assertTypesNeedOnlyPeers();
  const assets = copyAssets();
  const licences = writeLicences([...vendored, ...(await bundlePrograms())], await buildConnectors());
  console.log(
    `build: ${vendored.length} npm packages bundled into the library, ${assets.length} assets, ${licences} licences`,
  );
}

async function buildProgramsAlone() {
  removeLibrary();
  await bundlePrograms();
}

try {
  await (process.argv.includes("--programs") ? buildProgramsAlone() : buildAll());
} catch (error) {
  console.error(`build failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
