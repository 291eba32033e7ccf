import { softwareKey } from "../core/bucket-layout";
import { refuse } from "../core/validation";
import type { SoftwareItem } from "../node/desired-state";
import type { ConnectorName } from "../core/connector-name";
import { connectorPartName, isFetchedConnector, isPackagedConnector } from "./connectors";
import { findRelease, partsOfRelease, type LockedPart, type LockFile } from "./lock-file";
import { packagedConnectorPart } from "./packaged-connector-part";
import { ARCHITECTURES, ORIGINS, type Architecture, type OriginName, type PartName } from "./software-table";

/** The parts of the lock file that a node needs. */
export interface ReleaseSoftware {
  readonly nodeJs: SoftwareItem;
  readonly java: SoftwareItem;
  readonly flink: SoftwareItem;
  readonly zooKeeper: SoftwareItem;
  /** flink-s3-fs-presto: checkpoints. */
  readonly presto: SoftwareItem;
  /** flink-s3-fs-hadoop: files that jobs write. */
  readonly hadoop: SoftwareItem;
  /** In the order in which they were asked for. */
  readonly connectors: readonly SoftwareItem[];
  /** Absent where the origin does not have it. */
  readonly ssmAgent?: SoftwareItem;
}

/** All software of a node: that of the lock file and of this package, as the agent is. */
export interface NodeSoftware extends ReleaseSoftware {
  readonly agent: SoftwareItem;
}

export interface SoftwareQuery {
  /** Undefined where there is no lock file. */
  readonly lock: LockFile | undefined;
  /** `official` or `package-registries`. */
  readonly origin: string;
  /** A line (`2.2`: its newest locked patch) or an exact version (`2.2.1`). */
  readonly flinkVersion: string;
  /** `amd64` or `arm64`. */
  readonly architecture: string;
  /** Connectors that jobs need; default none. */
  readonly connectors?: readonly ConnectorName[];
  /** Folder of the built connectors that come with this package; default: that of this package. */
  readonly connectorsFolder?: string;
}

/** Either the parts, or one sentence (without a full stop) that says what the lock file lacks. */
export type SoftwareResolution =
  | { readonly items: ReleaseSoftware; readonly missing?: undefined }
  | { readonly items?: undefined; readonly missing: string };

const FIELDS: readonly (readonly [Exclude<keyof ReleaseSoftware, "ssmAgent" | "connectors">, PartName])[] = [
  ["nodeJs", "nodejs"],
  ["java", "java"],
  ["flink", "flink"],
  ["zooKeeper", "zookeeper"],
  ["presto", "flink-s3-fs-presto"],
  ["hadoop", "flink-s3-fs-hadoop"],
];

/**
 * What the lock file says for one Flink version, origin and architecture, and the connectors of this package. It downloads
 * nothing.
 */
export function resolveSoftware(query: SoftwareQuery): SoftwareResolution {
  const { lock, flinkVersion, connectors = [] } = query;
  const origin = oneOf<OriginName>("origin", query.origin, ORIGINS);
  const architecture = oneOf<Architecture>("architecture", query.architecture, ARCHITECTURES);
  if (!lock) return { missing: "There is no software lock file" };
  const locked = lock.origins[origin];
  const release = findRelease(locked, flinkVersion, architecture);
  if (!locked || !release) {
    return { missing: `The software lock file has no Flink ${flinkVersion} for ${architecture} from ${origin}` };
  }
  const parts = new Map(partsOfRelease(locked, release).map((part) => [part.name, part]));
  const needed = [...FIELDS.map(([, name]) => name), ...connectors.filter(isFetchedConnector).map(connectorPartName)];
  const lacking = needed.filter((name) => !parts.has(name));
  if (lacking.length > 0) {
    const why = release.absent.find((each) => lacking.includes(each.name))?.why;
    return {
      missing: `The software lock file has no ${lacking.join(", ")} for Flink ${release.flink} on ${architecture} from ${origin}${why ? ` (${why})` : ""}`,
    };
  }
  const itemOf = (name: PartName): SoftwareItem => item(parts.get(name) as LockedPart);
  const items = {
    ...Object.fromEntries(FIELDS.map(([field, name]) => [field, itemOf(name)])),
    connectors: connectors.map((name) =>
      isPackagedConnector(name)
        ? packagedConnectorPart(release.flink, name, query.connectorsFolder)
        : itemOf(connectorPartName(name)),
    ),
    ...(parts.has("ssm-agent") ? { ssmAgent: itemOf("ssm-agent") } : {}),
  };
  return { items: items as unknown as ReleaseSoftware };
}

/** A part of the lock file as the desired state names it. */
export function item(part: LockedPart): SoftwareItem {
  const { name, version, sha256, sizeBytes, kind, fileName } = part;
  return { name, version, key: softwareKey(part), sha256, sizeBytes, kind, fileName };
}

function oneOf<T extends string>(property: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    refuse({
      property,
      value,
      allowed: `one of ${allowed.join(", ")}`,
      remedy: `set ${property} to one of these`,
    });
  }
  return found;
}
