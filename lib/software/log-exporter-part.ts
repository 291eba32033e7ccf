import { join } from "node:path";
import { packageRoot } from "../core/package-root";
import type { SoftwareItem } from "../node/desired-state";
import { packagePart } from "./package-part";

/** The built log exporter of this package. */
export function logExporterPath(): string {
  return join(packageRoot(), "build", "log-exporter", "log-exporter.js");
}

/** The log exporter as a part: one file, which the Node.js of the nodes runs. */
export function logExporterPart(file: string = logExporterPath()): SoftwareItem {
  return packagePart({ name: "log-exporter", title: "log exporter", file, kind: "file" });
}
