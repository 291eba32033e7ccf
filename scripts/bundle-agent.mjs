import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** What the agent runs on: the Node.js of the software table. */
const TARGET = "node22";

/**
 * Bundles the node agent with all that it needs into one file, build/agent/agent.js by default. The same
 * sources give the same bytes: its hash is its name in the bucket. Returns what esbuild tells of its inputs.
 */
export async function bundleAgent(outfile = path.join(root, "build/agent/agent.js")) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["lib/node/agent/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: TARGET,
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "eof",
    charset: "utf8",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}
