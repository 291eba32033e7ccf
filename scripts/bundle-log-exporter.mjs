import * as path from "node:path";
import { bundleProgram } from "./build/program.mjs";
import { root } from "./build/root.mjs";

/** What the log exporter runs on: the Node.js of the software table. */
const TARGET = "node22";

/** Bundles the log exporter, into build/log-exporter/log-exporter.js by default: its hash is its name in the bucket. */
export function bundleLogExporter(outfile = path.join(root, "build/log-exporter/log-exporter.js")) {
  return bundleProgram({
    entryPoint: path.join(root, "lib/node/log-exporter/main.ts"),
    outfile,
    target: TARGET,
    // Only of ES modules can esbuild leave out what nobody uses.
    mainFields: ["module", "main"],
  });
}
