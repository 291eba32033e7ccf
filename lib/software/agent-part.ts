import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { softwareKey } from "../core/bucket-layout";
import { packageRoot } from "../core/package-root";
import type { SoftwareItem } from "../node/desired-state";
import { Problem } from "./problem";

const FILE_NAME = "agent.js";

/** The built node agent of this package. */
export function agentPath(): string {
  return join(packageRoot(), "build", "agent", FILE_NAME);
}

/** The node agent as a part: it comes with this package, so no lock file names it. */
export function agentPart(file: string = agentPath()): SoftwareItem {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (failure) {
    throw new Problem(`the node agent is not at ${file}: run \`npm run build\`, or install cdktf-flink again`, {
      cause: failure,
    });
  }
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  const part = {
    name: "agent",
    version: manifest.version,
    sha256: createHash("sha256").update(content).digest("hex"),
    fileName: FILE_NAME,
  };
  return { ...part, key: softwareKey(part), sizeBytes: content.length, kind: "file" };
}
