import type { ConnectorName } from "../core/connector-name";
import type { SoftwareItem } from "../node/desired-state";
import {
  connectorPart,
  connectorPartName,
  connectorsAmong,
  connectorVersion,
  isFetchedConnector,
  isPackagedConnector,
  PACKAGED_CONNECTOR_NAMES,
} from "./connectors";
import {
  findRelease,
  partKey,
  partsOfRelease,
  readLockFile,
  type LockedOrigin,
  type LockedPart,
  type LockedRelease,
} from "./lock-file";
import { logExporterPart, logExporterPath } from "./log-exporter-part";
import { logShippingAmong, logShippingPartNames } from "./log-shipping";
import { metricsShippingAmong, metricsShippingPartNames } from "./metrics-shipping";
import { packagedConnectorPart, packagedConnectorPath } from "./packaged-connector-part";
import { Problem } from "./problem";
import type { Architecture, OriginName, PartName } from "./software-table";

/** What is to be published. */
export interface PublishSelection {
  readonly lockFile: string;
  readonly origin: OriginName;
  /** Lines (`2.2`) or patches (`2.2.1`); without any, every locked one. */
  readonly flink?: readonly string[];
  /** Without any, every locked one. */
  readonly architectures?: readonly Architecture[];
  /** Connectors, which every release has to have; without any, every locked one and all that come with this package. */
  readonly connectors?: readonly ConnectorName[];
  /** Folder of the built connectors that come with this package; default: that of this package. */
  readonly connectorsFolder?: string;
  /** Whether what ships logs goes along, which every release then has to have; without a word, where it is locked. */
  readonly logs?: boolean;
  /** The same of what ships metrics. */
  readonly metrics?: boolean;
  /** The built log exporter; default: the one of this package. */
  readonly logExporter?: string;
}

export type Uploadable = Pick<SoftwareItem, "name" | "version" | "sha256" | "sizeBytes" | "fileName">;

/** What comes with this package. */
export interface BuiltPart {
  readonly part: Uploadable;
  readonly file: string;
}

/** A part of the lock file, with those of the same release. */
export interface PartOfRelease {
  readonly part: LockedPart;
  readonly siblings: readonly LockedPart[];
}

/** What ships one kind of things, by the option that asks for it. */
interface ShippingParts {
  readonly option: "logs" | "metrics";
  readonly among: (partNames: readonly string[]) => readonly PartName[];
  readonly names: (flink: string) => readonly PartName[];
}

const SHIPPING: readonly ShippingParts[] = [
  { option: "logs", among: logShippingAmong, names: logShippingPartNames },
  { option: "metrics", among: metricsShippingAmong, names: metricsShippingPartNames },
];

interface ReleaseOfOrigin {
  readonly origin: LockedOrigin;
  readonly release: LockedRelease;
}

/** What is asked for of the lock file; a release or a connector that it lacks is refused. */
export function lockedPartsToPublish(selection: PublishSelection): readonly PartOfRelease[] {
  const found = new Map<string, PartOfRelease>();
  for (const { origin, release } of lockedReleases(selection)) {
    const siblings = partsOfRelease(origin, release);
    const leftOut = [
      ...connectorsLeftOut(release, selection),
      ...SHIPPING.flatMap((shipping) => shippingLeftOut(release, selection, shipping)),
    ];
    for (const part of siblings.filter(({ name }) => !leftOut.includes(name))) {
      found.set(partKey(part), { part, siblings });
    }
  }
  return [...found.values()];
}

/** The connectors of this package that are asked for; of a release without them they are refused. */
export function connectorsToPublish(selection: PublishSelection): readonly BuiltPart[] {
  const { connectors, connectorsFolder } = selection;
  const found = new Map<string, BuiltPart>();
  for (const { flink } of lockedReleases(selection).map(({ release }) => release)) {
    const usable = PACKAGED_CONNECTOR_NAMES.filter((name) => connectorVersion(flink, name) !== undefined);
    for (const name of connectors?.filter(isPackagedConnector) ?? usable) {
      const part = packagedConnectorPart(flink, name, connectorsFolder);
      found.set(part.name, { part, file: packagedConnectorPath(name, connectorsFolder) });
    }
  }
  return [...found.values()];
}

/** The log exporter of this package, where a release has what hands it the logs. */
export function logExporterToPublish(selection: PublishSelection): readonly BuiltPart[] {
  const file = selection.logExporter ?? logExporterPath();
  const isUsed = lockedReleases(selection).some(
    ({ release }) => logShippingAmong(Object.keys(release.parts)).length > 0,
  );
  return isUsed && selection.logs !== false ? [{ part: logExporterPart(file), file }] : [];
}

function lockedReleases(selection: PublishSelection): readonly ReleaseOfOrigin[] {
  const lock = readLockFile(selection.lockFile);
  const command = `run \`npx cdktf-flink fetch --origin ${selection.origin}\` and commit the file`;
  if (!lock) throw new Problem(`there is no lock file at ${selection.lockFile}: ${command}`);
  const origin = lock.origins[selection.origin];
  if (!origin || origin.releases.length === 0) {
    throw new Problem(`the lock file ${selection.lockFile} holds nothing from ${selection.origin}: ${command}`);
  }
  const flink = selection.flink ?? origin.releases.map((release) => release.flink);
  const architectures = selection.architectures ?? origin.releases.map((release) => release.architecture);
  return [...new Set(flink)].flatMap((version) => {
    const releases = [...new Set(architectures)].flatMap((each) => findRelease(origin, version, each) ?? []);
    const asked = selection.architectures ?? [];
    const lacking = asked.find((each) => !releases.some((release) => release.architecture === each));
    if (lacking || releases.length === 0) {
      throw new Problem(
        `the lock file ${selection.lockFile} has no Flink ${version}${lacking ? ` for ${lacking}` : ""} from ${selection.origin}: ` +
          `run \`npx cdktf-flink fetch --origin ${selection.origin} --flink ${version}${lacking ? ` --architecture ${lacking}` : ""}\` and commit the file`,
      );
    }
    return releases.map((release) => ({ origin, release }));
  });
}

/** What ships one kind of things, where it is not wanted; where it is asked for and not locked it is refused. */
function shippingLeftOut(
  release: LockedRelease,
  selection: PublishSelection,
  { option, among, names }: ShippingParts,
): readonly PartName[] {
  const { lockFile, origin, [option]: isWanted } = selection;
  const locked = among(Object.keys(release.parts));
  if (isWanted === undefined) return [];
  if (!isWanted) return locked;
  const lacking = names(release.flink).find((name) => !locked.includes(name));
  if (lacking) {
    throw new Problem(
      `the lock file ${lockFile} has no ${lacking} for Flink ${release.flink} from ${origin}: ` +
        `run \`npx cdktf-flink fetch --origin ${origin} --flink ${release.flink} --architecture ${release.architecture} --${option}\` and commit the file`,
    );
  }
  return [];
}

/** The connectors of a release that nobody asked for; one that was asked for and is not locked is refused. */
function connectorsLeftOut(release: LockedRelease, { connectors, lockFile, origin }: PublishSelection): PartName[] {
  if (!connectors) return [];
  const locked = connectorsAmong(Object.keys(release.parts));
  const lacking = connectors.filter(isFetchedConnector).find((name) => !locked.includes(name));
  if (lacking) {
    const { name, version } = connectorPart(release.flink, lacking);
    throw new Problem(
      `the lock file ${lockFile} has no ${name} ${version} for Flink ${release.flink} from ${origin}: ` +
        `run \`npx cdktf-flink fetch --origin ${origin} --flink ${release.flink} --architecture ${release.architecture} --connector ${lacking}\` and commit the file`,
    );
  }
  return locked.filter((name) => !connectors.includes(name)).map(connectorPartName);
}
