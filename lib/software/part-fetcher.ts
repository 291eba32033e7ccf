import { mkdtemp } from "node:fs/promises";
import { basename, join } from "node:path";
import pLimit from "p-limit";
import { partKey, refuseOtherContent, type LockedPart } from "./lock-file";
import { OfficialSites } from "./origins/official";
import type { IOrigin } from "./origins/origin";
import { PackageRegistries } from "./origins/package-registries";
import type { PartStore } from "./part-store";
import { explain, Problem } from "./problem";
import { showBytes, type Progress } from "./progress";
import type { OriginName, TablePart } from "./software-table";

/** What a part is known to be before it is fetched: a row of the table, or an entry of the lock file. */
export type WantedPart = TablePart | LockedPart;

export interface PartFetcherOptions {
  readonly store: PartStore;
  readonly progress: Progress;
  /** Whether what is in the cache is told of, too; default true. */
  readonly tellsOfCached?: boolean;
  /** Parts that are fetched at once; default 4. */
  readonly concurrency?: number;
  /** Stands in for the origin of that name; for tests. */
  readonly origin?: IOrigin;
}

const DEFAULT_CONCURRENCY = 4;

function isLocked(part: WantedPart): part is LockedPart {
  return "sha256" in part;
}

/** Brings the parts of one origin into the cache, each once, several at a time. */
export class PartFetcher {
  private readonly running = new Map<string, Promise<LockedPart>>();
  private readonly limit: pLimit.Limit;
  private readonly origin: IOrigin;

  public constructor(
    private readonly originName: OriginName,
    private readonly options: PartFetcherOptions,
  ) {
    this.limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
    this.origin = options.origin ?? originNamed(originName, options.store);
  }

  /**
   * Brings all parts of a release into the cache. It goes on with the other parts when one fails, so
   * that the next run has less to do, and then tells of the first failure.
   */
  public async fetchAll(parts: readonly WantedPart[]): Promise<readonly LockedPart[]> {
    const results = await Promise.allSettled(parts.map((part) => this.fetchOne(part, parts)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    return results.map((result) => (result as PromiseFulfilledResult<LockedPart>).value);
  }

  /** Brings one part of a release into the cache; `siblings` are all parts of that release. */
  public fetchOne(part: WantedPart, siblings: readonly WantedPart[]): Promise<LockedPart> {
    const key = partKey(part);
    const begun = this.running.get(key) ?? this.begin(part, siblings);
    this.running.set(key, begun);
    return begun;
  }

  private begin(part: WantedPart, siblings: readonly WantedPart[]): Promise<LockedPart> {
    // A part inside another one waits for that one outside the limit, or the two could block each other.
    const { source } = part;
    const container = source.kind === "inside" ? siblings.find((sibling) => sibling.name === source.part) : undefined;
    const ready = container ? this.fetchOne(container, siblings) : Promise.resolve();
    return ready.then(() => this.limit(() => this.bring(part, siblings)));
  }

  private async bring(part: WantedPart, siblings: readonly WantedPart[]): Promise<LockedPart> {
    const { store, progress, tellsOfCached = true } = this.options;
    // What fails here fails below again, and is told there.
    if (!tellsOfCached && isLocked(part) && (await store.has(part).catch(() => false))) return part;
    const task = progress.task(`${part.name} ${part.version} ${part.architecture}`);
    try {
      if (isLocked(part) && (await store.has(part))) {
        task.done(`in the cache, ${showBytes(part.sizeBytes)}`);
        return part;
      }
      const content = await store.withScratch(async (folder) => {
        const work = await mkdtemp(join(folder, "part-"));
        const file = await this.origin.obtain(part, work, {
          progress: task,
          partFile: async (name) => {
            const sibling = siblings.find((each) => each.name === name);
            if (!sibling) throw new Error(`${part.name} lies inside ${name}, which is no part of the release`);
            return store.path(await this.fetchOne(sibling, siblings));
          },
        });
        if (basename(file) !== part.fileName) throw new Error(`${part.name} was delivered as ${basename(file)}`);
        return store.add(file, part.fileName);
      });
      if (isLocked(part)) refuseOtherContent(this.originName, part, content.sha256);
      task.done(showBytes(content.sizeBytes));
      return { ...part, ...content };
    } catch (failure) {
      task.failed(`failed: ${explain(failure)}`);
      throw failure instanceof Problem
        ? failure
        : new Problem(`${part.name} ${part.version} could not be fetched: ${explain(failure)}`, { cause: failure });
    }
  }
}

function originNamed(name: OriginName, store: PartStore): IOrigin {
  return name === "official" ? new OfficialSites(store) : new PackageRegistries();
}
