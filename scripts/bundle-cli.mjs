import { chmod } from "node:fs/promises";
import * as path from "node:path";
import { bundleProgram } from "./build/program.mjs";
import { root } from "./build/root.mjs";

/** The oldest Node.js that the package supports. */
const TARGET = "node20";

/** Bundles the command line as an executable file, build/bin/cdktf-flink.js by default. */
export async function bundleCli(outfile = path.join(root, "build/bin/cdktf-flink.js")) {
  const firstLine = "#!/usr/bin/env node";
  const metafile = await bundleProgram({ entryPoint: "bin/cdktf-flink.ts", outfile, target: TARGET, firstLine });
  await chmod(outfile, 0o755);
  return metafile;
}
