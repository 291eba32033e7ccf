import * as path from "path";
import type { SoftwareItem } from "../../lib/node/desired-state";
import type { ConnectorName } from "../../lib/core/connector-name";
import { PACKAGED_CONNECTOR_NAMES, packagedPartName } from "../../lib/software/connectors";
import { readLockFile } from "../../lib/software/lock-file";
import { packagedConnectorPath } from "../../lib/software/packaged-connector-part";
import { PartStore } from "../../lib/software/part-store";
import { ReleaseSoftware, resolveSoftware } from "../../lib/software/resolve";
import { run } from "../lab/command";

/** The software of a Flink line that this repository's lock file names, as the lab's nodes have it. */
export function releaseSoftware(flinkVersion: string, connectors: readonly ConnectorName[] = []): ReleaseSoftware {
  const { items, missing } = resolveSoftware({
    lock: readLockFile(path.resolve(__dirname, "..", "..", "cdktf-flink.lock.json")),
    origin: "package-registries",
    flinkVersion,
    architecture: "amd64",
    connectors,
  });
  if (!items) throw new Error(missing);
  return items;
}

/** Where this machine has a part: in the cache, or as it was built with this package. */
export function cachedPart(item: SoftwareItem): string {
  const packaged = PACKAGED_CONNECTOR_NAMES.find((name) => packagedPartName(name) === item.name);
  return packaged === undefined ? new PartStore().path(item) : packagedConnectorPath(packaged);
}

/** Unpacks a part into a folder of the host, without its own uppermost folder. */
export async function unpackPart(item: SoftwareItem, folder: string): Promise<void> {
  await run(["mkdir", "-p", folder]);
  await run(["tar", "-xzf", cachedPart(item), "--strip-components=1", "-C", folder], { timeout: 300_000 });
}
