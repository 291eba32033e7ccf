import { chmod } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The oldest Node.js that the package supports. */
const TARGET = "node20";

/** Bundles the command line with all that it needs into one executable file, build/bin/cdktf-flink.js by default.
 * Returns what esbuild tells of its inputs. */
export async function bundleCli(outfile = path.join(root, "build/bin/cdktf-flink.js")) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["bin/cdktf-flink.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: TARGET,
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "eof",
    charset: "utf8",
    banner: { js: "#!/usr/bin/env node" },
    metafile: true,
    logLevel: "warning",
  });
  await chmod(outfile, 0o755);
  return metafile;
}
