import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
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
    const { code, message } = failure as NodeJS.ErrnoException;
    // A package that was installed has it, so this is a clone; the system's own words would lead elsewhere.
    if (code === "ENOENT") {
      throw new Problem(`there is no ${relative(packageRoot(), file)} yet: run \`make build\` in ${packageRoot()}`);
    }
    throw new Problem(`the node agent cannot be read: mend what the system says (${message})`, { cause: failure });
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
