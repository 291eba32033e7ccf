import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../software/cache";
import {
  connectorVersion,
  PACKAGED_CONNECTOR_NAMES,
  packagedPartName,
  connectorsAmong,
  connectorPartName,
} from "../software/connectors";
import {
  findRelease,
  partsOfRelease,
  readLockFile,
  type LockedOrigin,
  type LockedPart,
  type LockedRelease,
} from "../software/lock-file";
import { packagedConnectorPart, packagedConnectorPath } from "../software/packaged-connector-part";
import { unpackTarGz } from "../software/part-archive";
import { PartFetcher } from "../software/part-fetcher";
import { PartStore } from "../software/part-store";
import { Problem } from "../software/problem";
import type { Progress } from "../software/progress";
import { flinkReleases, isInTable, type Architecture, type OriginName } from "../software/software-table";
import { javaOfMachine, javaThatRuns } from "./java";

/** Whose software a local cluster runs. */
export interface LocalSoftwareQuery {
  readonly lockFile: string;
  readonly origin: OriginName;
  /** A line or a patch. */
  readonly flink: string;
  /** Names of the parts beside Flink that its processes load; absent: all that there are. */
  readonly libraries?: readonly string[];
  readonly progress: Progress;
}

/** Software that is unpacked. */
export interface LocalSoftware {
  /** The patch. */
  readonly flinkVersion: string;
  readonly flink: string;
  readonly java: string;
  readonly plugins: readonly UnpackedPart[];
  /** Each with jars in its folder `lib`. */
  readonly connectors: readonly UnpackedPart[];
}

export interface UnpackedPart {
  readonly name: string;
  readonly folder: string;
}

interface Part {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly kind: "tar.gz" | "file";
  readonly fileName: string;
}

const PLUGINS = ["flink-s3-fs-presto", "flink-s3-fs-hadoop"];

/** What the lock file names of it. */
interface WantedParts {
  readonly release: LockedRelease;
  /** All of the release. */
  readonly locked: readonly LockedPart[];
  readonly flink: LockedPart;
  /** Absent where the machine's own is to be taken. */
  readonly java?: LockedPart;
  readonly plugins: readonly LockedPart[];
  readonly connectors: readonly LockedPart[];
  /** Connectors that come with this package. */
  readonly packaged: readonly (Part & { readonly file: string })[];
}

/** Where all of it lies, or would: nothing is fetched, and of a Java of this machine's own nothing is said. */
export function wantedSoftware(query: LocalSoftwareQuery): LocalSoftware {
  const { release, flink, java, plugins, connectors, packaged } = wantedParts(query);
  const unpacked = (part: Part): UnpackedPart => ({ name: part.name, folder: folderOf(part) });
  return {
    flinkVersion: release.flink,
    flink: folderOf(flink),
    java: java ? folderOf(java) : "",
    plugins: plugins.map(unpacked),
    connectors: [...connectors, ...packaged].map(unpacked),
  };
}

/** Brings what the lock file names into the cache, and unpacks what Flink's processes load, once for all local clusters. */
export async function localSoftware(query: LocalSoftwareQuery): Promise<LocalSoftware> {
  const { locked, flink, java, plugins, connectors, packaged } = wantedParts(query);
  const store = new PartStore();
  const fetched = [flink, ...(java ? [java] : []), ...plugins, ...connectors];
  // Siblings are all of the release: a part may lie inside another one.
  // Whoever runs a job is told of what is fetched, which takes minutes, and not each time that nothing is.
  const fetcher = new PartFetcher(query.origin, { store, progress: query.progress, tellsOfCached: false });
  await Promise.all(fetched.map((part) => fetcher.fetchOne(part, locked)));

  for (const part of fetched) await unpack(part, store.path(part));
  for (const part of packaged) await unpack(part, part.file);
  const cachedJava = java && (await javaThatRuns(folderOf(java)));
  return { ...wantedSoftware(query), java: cachedJava ?? (await javaOfMachine()) };
}

function wantedParts(query: LocalSoftwareQuery): WantedParts {
  const { origin, release } = lockedRelease(query);
  const locked = partsOfRelease(origin, release);
  const isWanted = (name: string): boolean => query.libraries?.includes(name) ?? true;
  const named = (names: readonly string[]) => locked.filter(({ name }) => names.includes(name) && isWanted(name));
  const connectors = named(connectorsAmong(locked.map(({ name }) => name)).map(connectorPartName));
  const plugins = named(PLUGINS);
  const packaged = PACKAGED_CONNECTOR_NAMES.filter(
    (name) => isWanted(packagedPartName(name)) && connectorVersion(release.flink, name) !== undefined,
  );
  requireAll(
    query,
    [...connectors, ...plugins].map(({ name }) => name),
    packaged.map(packagedPartName),
  );

  return {
    ...{ release, locked, plugins, connectors },
    flink: locked.find(({ name }) => name === "flink")!,
    java: javaPartThatMayRun(origin, release),
    packaged: packaged.map((name) => ({
      ...packagedConnectorPart(release.flink, name),
      file: packagedConnectorPath(name),
    })),
  };
}

/** Its hash is in the name, so that a folder never changes. */
function folderOf({ name, version, sha256 }: Part): string {
  return join(cacheDirectory(), "unpacked", `${name}-${version}-${sha256.slice(0, 12)}`);
}

function lockedRelease({ lockFile, origin, flink }: LocalSoftwareQuery): {
  origin: LockedOrigin;
  release: LockedRelease;
} {
  const locked = readLockFile(lockFile)?.origins[origin];
  // Flink itself is the same for every architecture.
  const [first, second] = process.arch === "arm64" ? (["arm64", "amd64"] as const) : (["amd64", "arm64"] as const);
  const release = findRelease(locked, flink, first) ?? findRelease(locked, flink, second);
  if (locked && release) return { origin: locked, release };
  const remedy = isInTable(flink)
    ? `run \`npx cdktf-flink fetch --origin ${origin} --flink ${flink}\` first`
    : `name one of ${flinkReleases().join(", ")}, which this version of cdktf-flink fetches`;
  throw new Problem(`the lock file ${lockFile} has no Flink ${flink} from ${origin}: ${remedy}`);
}

/** Those of the lock file are for Linux. */
function javaPartThatMayRun(origin: LockedOrigin, release: LockedRelease): LockedPart | undefined {
  const own: Architecture = process.arch === "arm64" ? "arm64" : "amd64";
  if (process.platform !== "linux" || release.architecture !== own) return undefined;
  return partsOfRelease(origin, release).find(({ name }) => name === "java");
}

function requireAll({ libraries, lockFile, origin, flink }: LocalSoftwareQuery, ...found: readonly string[][]): void {
  const lacking = libraries?.filter((name) => !found.flat().includes(name)) ?? [];
  if (lacking.length === 0) return;
  throw new Problem(
    `the cluster's jobs have ${lacking.join(", ")}, and the lock file ${lockFile} has none for Flink ${flink} from ${origin}: ` +
      "fetch what the cluster has with `npx cdktf-flink fetch`, or name its lock file with --lock-file",
  );
}

/**
 * Lays a part out in its folder of the cache, as a node does, which gets its name last. Two commands at once do it twice, and
 * the second finds it done.
 */
async function unpack(part: Part, file: string): Promise<void> {
  const folder = folderOf(part);
  if (await isThere(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.`);
  try {
    if (part.kind === "file") await copyFile(file, join(temporary, part.fileName));
    else await unpackTarGz(file, temporary, (path) => path.replace(/^[^/]+\//, ""));
    await rename(temporary, folder);
  } catch (failure) {
    if (!(await isThere(folder))) throw failure;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function isThere(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}
