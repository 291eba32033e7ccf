import { join } from "node:path";
import { packageRoot } from "../core/package-root";
import type { SoftwareItem } from "../node/desired-state";
import { packagePart } from "./package-part";

/** The built node agent of this package. */
export function agentPath(): string {
  return join(packageRoot(), "build", "agent", "agent.js");
}

/** The node agent as a part. */
export function agentPart(file: string = agentPath()): SoftwareItem {
  return packagePart({ name: "agent", title: "node agent", file, kind: "file" });
}
