import { readFileSync } from "node:fs";
import { showValue } from "../core/validation";
import { connectorPartName, connectorsAmong } from "./connectors";
import { logShippingAmong } from "./log-shipping";
import { metricsShippingAmong } from "./metrics-shipping";
import { Problem } from "./problem";
import {
  ARCHITECTURES,
  ORIGINS,
  type AbsentPart,
  type Architecture,
  type OriginName,
  type PartName,
  type TablePart,
} from "./software-table";

/** Where the lock file lies unless the user says otherwise: beside `cdktf.json`, committed with it. */
export const LOCK_FILE_NAME = "cdktf-flink.lock.json";

/** A part whose content is known: a later download with other content is refused. */
export interface LockedPart extends TablePart {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Which parts make up one Flink release. */
export interface LockedRelease {
  /** Exact, such as `2.2.1`. */
  readonly flink: string;
  readonly architecture: Architecture;
  /** Version of each part, by name. */
  readonly parts: Readonly<Partial<Record<PartName, string>>>;
  /** What the origin does not have. */
  readonly absent: readonly AbsentPart[];
}

export interface LockedOrigin {
  readonly parts: readonly LockedPart[];
  readonly releases: readonly LockedRelease[];
}

/**
 * The hashes of the software, committed by the user. It says by itself where each part comes from, so
 * that a newer version of this library fetches what was locked, not what its own table names by now.
 */
export interface LockFile {
  readonly schemaVersion: 1;
  readonly origins: Readonly<Partial<Record<OriginName, LockedOrigin>>>;
}

export const EMPTY_LOCK: LockFile = { schemaVersion: 1, origins: {} };

/** Reads a lock file; undefined when there is none. */
export function readLockFile(path: string): LockFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Problem(
      `lockFile is ${showValue(path)}, but must be a file that can be read: mend what the system says (${message})`,
      { cause: failure },
    );
  }
  return parseLockFile(text, path);
}

/** Checks every field: what stands in the file decides what runs on the nodes. */
export function parseLockFile(text: string, path: string): LockFile {
  const wrong = (where: string, what: string): never => {
    throw new Problem(
      `${path} is not a valid lock file: ${where} ${what}; restore it from version control, or delete it and run cdktf-flink fetch`,
    );
  };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return wrong("the text", "is not JSON");
  }
  if (!isObject(root)) return wrong("the text", "is not an object");
  if (root.schemaVersion !== 1) {
    return wrong("schemaVersion", `is ${JSON.stringify(root.schemaVersion)} and this version knows 1 only`);
  }
  if (!isObject(root.origins)) return wrong("origins", "is not an object");
  for (const [name, origin] of Object.entries(root.origins)) {
    if (!ORIGINS.includes(name as OriginName)) wrong(`origins.${name}`, `is not one of ${ORIGINS.join(", ")}`);
    if (!isObject(origin) || !Array.isArray(origin.parts) || !Array.isArray(origin.releases)) {
      return wrong(`origins.${name}`, "lacks its lists of parts and releases");
    }
    const known = new Set<string>();
    origin.parts.forEach((part: unknown, index) => {
      const fault = faultOfPart(part);
      if (fault) wrong(`origins.${name}.parts[${index}]`, fault);
      const key = partKey(part as LockedPart);
      if (known.has(key)) wrong(`origins.${name}.parts[${index}]`, `is a second entry for ${key}`);
      known.add(key);
    });
    origin.releases.forEach((release: unknown, index) => {
      const fault = faultOfRelease(release, known);
      if (fault) wrong(`origins.${name}.releases[${index}]`, fault);
    });
  }
  return root as unknown as LockFile;
}

const TEXT_FIELDS = {
  name: /^[a-z0-9][a-z0-9-]*$/,
  version: /^[0-9][0-9A-Za-z.+-]*$/,
  architecture: /^(any|amd64|arm64)$/,
  kind: /^(tar\.gz|file)$/,
  fileName: /^[0-9A-Za-z][0-9A-Za-z._+-]*$/,
  sha256: /^[0-9a-f]{64}$/,
};

function faultOfPart(part: unknown): string | undefined {
  if (!isObject(part)) return "is not an object";
  for (const [field, pattern] of Object.entries(TEXT_FIELDS)) {
    const value = part[field];
    if (typeof value !== "string" || !pattern.test(value)) return `has a wrong ${field}: ${JSON.stringify(value)}`;
  }
  const size = part.sizeBytes;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size <= 0) {
    return `has a wrong sizeBytes: ${JSON.stringify(size)}`;
  }
  if (!isObject(part.source) || typeof part.source.kind !== "string") return "has no source";
  return undefined;
}

function faultOfRelease(release: unknown, known: ReadonlySet<string>): string | undefined {
  if (!isObject(release)) return "is not an object";
  if (typeof release.flink !== "string" || !/^\d+\.\d+\.\d+$/.test(release.flink)) {
    return `has a wrong flink: ${JSON.stringify(release.flink)}`;
  }
  if (!ARCHITECTURES.includes(release.architecture as Architecture)) {
    return `has a wrong architecture: ${JSON.stringify(release.architecture)}`;
  }
  if (!Array.isArray(release.absent)) return "lacks its list of absent parts";
  if (!isObject(release.parts)) return "lacks its parts";
  for (const [name, version] of Object.entries(release.parts)) {
    const keys = [release.architecture as string, "any"].map((architecture) =>
      partKey({ name, version: String(version), architecture }),
    );
    if (!keys.some((key) => known.has(key))) return `names ${name} ${String(version)}, which is not among the parts`;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What makes a part the same part within an origin. */
export function partKey(part: {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}): string {
  return `${part.name} ${part.version} ${part.architecture}`;
}

/** The parts of a release, in the table's order. */
export function partsOfRelease(origin: LockedOrigin, release: LockedRelease): readonly LockedPart[] {
  return Object.entries(release.parts).map(([name, version]) => {
    const found = origin.parts.find(
      (part) =>
        part.name === name &&
        part.version === version &&
        (part.architecture === "any" || part.architecture === release.architecture),
    );
    if (!found) throw new Error(`${name} ${version} is named by a release of the lock file and not among its parts`);
    return found;
  });
}

/** The release that a line (`2.2`, its newest locked patch) or a patch (`2.2.1`) means. */
export function findRelease(
  origin: LockedOrigin | undefined,
  lineOrPatch: string,
  architecture: Architecture,
): LockedRelease | undefined {
  return origin?.releases
    .filter(
      (release) =>
        release.architecture === architecture &&
        (release.flink === lineOrPatch || release.flink.startsWith(`${lineOrPatch}.`)),
    )
    .sort((left, right) => compareVersions(right.flink, left.flink))[0];
}

/** Orders dotted numbers: 2.2.10 comes after 2.2.9. */
export function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}

/**
 * Adds a release and its parts. A part that is locked with other content is refused, since a published
 * version never changes: somebody put another file in its place.
 */
export function withRelease(
  lock: LockFile,
  originName: OriginName,
  release: LockedRelease,
  parts: readonly LockedPart[],
): LockFile {
  const before = lock.origins[originName] ?? { parts: [], releases: [] };
  for (const part of parts) {
    const locked = before.parts.find((each) => partKey(each) === partKey(part));
    if (locked) refuseOtherContent(originName, locked, part.sha256);
  }
  const same = (each: LockedRelease): boolean =>
    each.flink === release.flink && each.architecture === release.architecture;
  const releases = [
    ...before.releases.filter((each) => !same(each)),
    withOptionalPartsOf(before.releases.find(same), release),
  ].sort(
    (left, right) => compareVersions(left.flink, right.flink) || compareText(left.architecture, right.architecture),
  );
  const merged = new Map([...before.parts, ...parts].map((part) => [partKey(part), part]));
  // Only what some release needs stays: an update leaves no leftovers.
  const needed = new Set(
    releases.flatMap((each) =>
      Object.entries(each.parts).flatMap(([name, version]) =>
        [each.architecture, "any"].map((architecture) => partKey({ name, version: version, architecture })),
      ),
    ),
  );
  const kept = [...merged.values()]
    .filter((part) => needed.has(partKey(part)))
    .sort(
      (left, right) =>
        compareText(left.name, right.name) ||
        compareVersions(left.version, right.version) ||
        compareText(left.architecture, right.architecture),
    );
  return { ...lock, origins: { ...lock.origins, [originName]: { parts: kept, releases } } };
}

/** Another command may have locked a connector, or what ships logs or metrics, since this one began. */
function withOptionalPartsOf(before: LockedRelease | undefined, release: LockedRelease): LockedRelease {
  if (!before) return release;
  const names = Object.keys(before.parts);
  const optional = [
    ...connectorsAmong(names).map(connectorPartName),
    ...logShippingAmong(names),
    ...metricsShippingAmong(names),
  ];
  const kept = optional.filter((name) => !(name in release.parts));
  const parts = { ...release.parts, ...Object.fromEntries(kept.map((name) => [name, before.parts[name]])) };
  return { ...release, parts };
}

/** Refuses content other than what is locked. */
export function refuseOtherContent(origin: OriginName, locked: LockedPart, sha256: string): void {
  if (locked.sha256 === sha256) return;
  throw new Problem(
    `${locked.name} ${locked.version} (${locked.architecture}) from ${origin} has SHA-256 ${sha256}, but the lock file says ${locked.sha256}: ` +
      "a published version does not change, so find out who altered it; only if you trust the new file, delete its entry from the lock file and fetch again",
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The text of a lock file: fixed order, one field to a line, so that a review shows what changed. */
export function printLockFile(lock: LockFile): string {
  const origins = Object.fromEntries(
    ORIGINS.flatMap((name) => {
      const origin = lock.origins[name];
      return origin ? [[name, { releases: origin.releases, parts: origin.parts.map(printedPart) }]] : [];
    }),
  );
  return `${JSON.stringify({ schemaVersion: lock.schemaVersion, origins }, undefined, 2)}\n`;
}

function printedPart(part: LockedPart): LockedPart {
  const { name, version, architecture, sha256, sizeBytes, kind, fileName, source } = part;
  return { name, version, architecture, sha256, sizeBytes, kind, fileName, source };
}
