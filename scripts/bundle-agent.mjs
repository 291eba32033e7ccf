import * as path from "node:path";
import { bundleProgram } from "./build/program.mjs";
import { root } from "./build/root.mjs";

/** What the agent runs on: the Node.js of the software table. */
const TARGET = "node22";

/**
 * Bundles the node agent, into build/agent/agent.js by default: its hash is its name in the bucket. Another entry point
 * gives a part of it, made in the same way.
 */
export function bundleAgent(
  outfile = path.join(root, "build/agent/agent.js"),
  entryPoint = path.join(root, "lib/node/agent/main.ts"),
) {
  return bundleProgram({
    entryPoint,
    outfile,
    target: TARGET,
    // Only of ES modules can esbuild leave out what nobody uses: most commands of AWS's clients.
    mainFields: ["module", "main"],
    // The machine's role is the agent's only identity: the SDK's search for another one never runs on a node.
    alias: { "@aws-sdk/credential-provider-node": path.join(root, "scripts/build/no-credential-search.mjs") },
  });
}
