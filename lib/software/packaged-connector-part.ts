import { join } from "node:path";
import { packageRoot } from "../core/package-root";
import type { SoftwareItem } from "../node/desired-state";
import { connectorTitle, packagedPartName, requireConnectorFor, type PackagedConnector } from "./connectors";
import { packagePart } from "./package-part";

/** Where the connectors of this package lie once they are built. */
export function connectorsFolder(): string {
  return join(packageRoot(), "build", "connectors");
}

/** The built archive of a connector of this package. */
export function packagedConnectorPath(name: PackagedConnector, folder: string = connectorsFolder()): string {
  return join(folder, `${packagedPartName(name)}.tar.gz`);
}

/** A connector of this package as a part: the same for every origin, architecture and line of Flink that it serves. */
export function packagedConnectorPart(
  flinkLineOrPatch: string,
  name: PackagedConnector,
  folder: string = connectorsFolder(),
): SoftwareItem {
  requireConnectorFor(flinkLineOrPatch, name);
  return packagePart({
    name: packagedPartName(name),
    title: `${connectorTitle(name)} connector`,
    file: packagedConnectorPath(name, folder),
    kind: "tar.gz",
  });
}
