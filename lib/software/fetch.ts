import type { ConnectorName } from "../core/connector-name";
import {
  connectorPart,
  connectorsAmong,
  isFetchedConnector,
  isPackagedConnector,
  requireConnectorFor,
} from "./connectors";
import {
  findRelease,
  partKey,
  partsOfRelease,
  readLockFile,
  withRelease,
  EMPTY_LOCK,
  type LockedRelease,
  type LockFile,
} from "./lock-file";
import { preparePlaceOfLockFile, updateLockFile } from "./lock-file-store";
import { logShippingAmong, logShippingParts, type LogShippingRelease } from "./log-shipping";
import { metricsShippingAmong, metricsShippingParts } from "./metrics-shipping";
import type { IOrigin } from "./origins/origin";
import { PartFetcher, type WantedPart } from "./part-fetcher";
import { PartStore } from "./part-store";
import { NO_PROGRESS, type Progress } from "./progress";
import { softwareRelease, type AbsentPart, type Architecture, type OriginName, type TablePart } from "./software-table";

export interface FetchOptions {
  readonly lockFile: string;
  readonly origin: OriginName;
  /** Lines (`2.2`) or patches (`2.2.1`). */
  readonly flink: readonly string[];
  readonly architectures: readonly Architecture[];
  /** Connectors to fetch too; those that are locked stay without being named, and those of this package are here. */
  readonly connectors?: readonly ConnectorName[];
  /** Whether what ships logs is fetched too; where it is locked it stays without being asked for. */
  readonly logs?: boolean;
  /** The same of what ships metrics. */
  readonly metrics?: boolean;
  /** Takes what the software table names now, also for a line that is locked already; default false. */
  readonly update?: boolean;
  readonly store?: PartStore;
  readonly progress?: Progress;
  readonly concurrency?: number;
  /** Stands in for the origin of that name; for tests. */
  readonly originImplementation?: IOrigin;
}

interface Wanted {
  readonly flink: string;
  readonly architecture: Architecture;
  readonly parts: readonly WantedPart[];
  readonly absent: readonly AbsentPart[];
}

/**
 * Downloads, verifies and locks the software of some Flink releases. What the lock file holds already
 * decides what is fetched; the rest comes from the software table and is trusted this first time.
 */
export async function fetchSoftware(options: FetchOptions): Promise<LockFile> {
  const { origin, progress = NO_PROGRESS, store = new PartStore() } = options;
  const lock = readLockFile(options.lockFile) ?? EMPTY_LOCK;
  const wanted = options.flink.flatMap((flink) =>
    options.architectures.map((architecture) => want(lock, flink, architecture, options)),
  );
  await preparePlaceOfLockFile(options.lockFile);
  const fetcher = new PartFetcher(origin, {
    store,
    progress,
    concurrency: options.concurrency,
    origin: options.originImplementation,
  });
  const results = await Promise.allSettled(
    wanted.map(async (release) => {
      const parts = await fetcher.fetchAll(release.parts);
      const locked: LockedRelease = {
        flink: release.flink,
        architecture: release.architecture,
        parts: Object.fromEntries(parts.map((part) => [part.name, part.version])),
        absent: release.absent,
      };
      // Each release is locked as soon as it is whole, so that an interruption loses none that is.
      return updateLockFile(options.lockFile, (before) => withRelease(before, origin, locked, parts));
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  for (const part of new Map(wanted.flatMap((each) => each.absent).map((each) => [each.name, each])).values()) {
    progress.line(`${part.name}: not fetched from ${origin}, ${part.why}`);
  }
  for (const name of (options.connectors ?? []).filter(isPackagedConnector)) {
    progress.line(`${name}: not fetched from ${origin}, it comes with cdktf-flink`);
  }
  return readLockFile(options.lockFile) ?? EMPTY_LOCK;
}

function want(lock: LockFile, flink: string, architecture: Architecture, options: FetchOptions): Wanted {
  const locked = lock.origins[options.origin];
  const release = findRelease(locked, flink, architecture);
  // A part that is locked keeps its hash: fetching it again with other content is refused.
  const known = new Map(locked?.parts.map((part) => [partKey(part), part]));
  const lockedOr = (part: TablePart): WantedPart => known.get(partKey(part)) ?? part;
  const asked = (options.connectors ?? []).filter(isFetchedConnector);
  const packaged = (options.connectors ?? []).filter(isPackagedConnector);
  const before = connectorsAmong(Object.keys(release?.parts ?? {}));
  if (locked && release && !options.update) {
    packaged.forEach((name) => requireConnectorFor(release.flink, name));
    const added = [
      ...asked.filter((name) => !before.includes(name)).map((name) => connectorPart(release.flink, name)),
      ...shippingParts({ ...release, origin: options.origin }, options).filter(({ name }) => !(name in release.parts)),
    ];
    return { ...release, parts: [...partsOfRelease(locked, release), ...added.map(lockedOr)] };
  }
  const table = softwareRelease(options.origin, flink, architecture);
  packaged.forEach((name) => requireConnectorFor(table.flink, name));
  const connectors = [...new Set([...before, ...asked])].map((name) => connectorPart(table.flink, name));
  const names = Object.keys(release?.parts ?? {});
  const shipping = shippingParts(table, {
    logs: options.logs || logShippingAmong(names).length > 0,
    metrics: options.metrics || metricsShippingAmong(names).length > 0,
  });
  return { ...table, parts: [...table.parts, ...connectors, ...shipping].map(lockedOr) };
}

function shippingParts(
  release: LogShippingRelease,
  { logs, metrics }: Pick<FetchOptions, "logs" | "metrics">,
): readonly TablePart[] {
  return [...(logs ? logShippingParts(release) : []), ...(metrics ? metricsShippingParts(release) : [])];
}
