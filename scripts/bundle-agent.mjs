import * as path from "node:path";
import { bundleProgram } from "./build/program.mjs";
import { root } from "./build/root.mjs";

/** What the agent runs on: the Node.js of the software table. */
const TARGET = "node22";

/** Bundles the node agent, into build/agent/agent.js by default: its hash is its name in the bucket. */
export function bundleAgent(outfile = path.join(root, "build/agent/agent.js")) {
  return bundleProgram({ entryPoint: "lib/node/agent/main.ts", outfile, target: TARGET });
}
