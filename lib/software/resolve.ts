import { softwareKey } from "../core/bucket-layout";
import { refuse } from "../core/validation";
import type { SoftwareItem } from "../node/desired-state";
import type { ConnectorName } from "../core/connector-name";
import { connectorPartName, isFetchedConnector, isPackagedConnector } from "./connectors";
import { findRelease, partsOfRelease, type LockedPart, type LockFile } from "./lock-file";
import { logExporterPart } from "./log-exporter-part";
import { logShippingPartNames } from "./log-shipping";
import { metricsShippingPartNames } from "./metrics-shipping";
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
  /** Where it was asked for. */
  readonly logShipping?: LogShippingSoftware;
  /** Telegraf, the program `telegraf` in its folder; where it was asked for. */
  readonly metricsShipping?: SoftwareItem;
  /** Absent where the origin does not have it. */
  readonly ssmAgent?: SoftwareItem;
}

/** What a node has to ship its logs. */
export interface LogShippingSoftware {
  /** The OpenTelemetry Collector: the program `otelcol` in its folder. */
  readonly collector: SoftwareItem;
  /** That of this package: `log-exporter.js` in its folder. */
  readonly exporter: SoftwareItem;
  /** For Flink's class path, as connectors are: what its own archive lacks to write lines of JSON. */
  readonly libraries: readonly SoftwareItem[];
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
  /** Whether nodes ship their logs; default false. */
  readonly logShipping?: boolean;
  /** Whether nodes ship their metrics; default false. */
  readonly metricsShipping?: boolean;
}

/** Either the parts, or one sentence (without a full stop) that says what the lock file lacks. */
export type SoftwareResolution =
  | { readonly items: ReleaseSoftware; readonly missing?: undefined }
  | { readonly items?: undefined; readonly missing: string };

const FIELDS: readonly (readonly [
  Exclude<keyof ReleaseSoftware, "ssmAgent" | "connectors" | "logShipping" | "metricsShipping">,
  PartName,
])[] = [
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
  const { lock, flinkVersion, connectors = [], logShipping = false, metricsShipping = false } = query;
  const origin = oneOf<OriginName>("origin", query.origin, ORIGINS);
  const architecture = oneOf<Architecture>("architecture", query.architecture, ARCHITECTURES);
  if (!lock) return { missing: "There is no software lock file" };
  const locked = lock.origins[origin];
  const release = findRelease(locked, flinkVersion, architecture);
  if (!locked || !release) {
    return { missing: `The software lock file has no Flink ${flinkVersion} for ${architecture} from ${origin}` };
  }
  const parts = new Map(partsOfRelease(locked, release).map((part) => [part.name, part]));
  const forLogs = logShipping ? logShippingPartNames(release.flink) : [];
  const forMetrics = metricsShipping ? metricsShippingPartNames() : [];
  const needed = [
    ...FIELDS.map(([, name]) => name),
    ...connectors.filter(isFetchedConnector).map(connectorPartName),
    ...forLogs,
    ...forMetrics,
  ];
  const lacking = needed.filter((name) => !parts.has(name));
  if (lacking.length > 0) {
    const why = release.absent.find((each) => lacking.includes(each.name))?.why;
    return {
      missing: `The software lock file has no ${lacking.join(", ")} for Flink ${release.flink} on ${architecture} from ${origin}${why ? ` (${why})` : ""}`,
    };
  }
  const itemOf = (name: PartName): SoftwareItem => item(parts.get(name) as LockedPart);
  const [collector, ...libraries] = forLogs.map(itemOf);
  const [telegraf] = forMetrics.map(itemOf);
  const items = {
    ...Object.fromEntries(FIELDS.map(([field, name]) => [field, itemOf(name)])),
    connectors: connectors.map((name) =>
      isPackagedConnector(name)
        ? packagedConnectorPart(release.flink, name, query.connectorsFolder)
        : itemOf(connectorPartName(name)),
    ),
    ...(logShipping ? { logShipping: { collector, exporter: logExporterPart(), libraries } } : {}),
    ...(metricsShipping ? { metricsShipping: telegraf } : {}),
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
