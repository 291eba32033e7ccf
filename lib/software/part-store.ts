import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheDirectory } from "./cache";

/** What is known of a file's content. */
export interface Content {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

const ONE_DAY_MILLIS = 24 * 60 * 60 * 1000;

/**
 * The parts in the cache folder, each under the hash of its content: what is there is whole, since a
 * file is moved in only when it is complete.
 */
export class PartStore {
  public constructor(public readonly folder: string = join(cacheDirectory(), "software")) {}

  /** Where a part lies, or would. */
  public path(part: { readonly sha256: string; readonly fileName: string }): string {
    return join(this.folder, "parts", part.sha256, part.fileName);
  }

  /** Whether a part is here with the very content that its hash says; one that was altered is removed. */
  public async has(part: Content & { readonly fileName: string }): Promise<boolean> {
    const path = this.path(part);
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) return false;
    if (size === part.sizeBytes && (await contentOf(path)).sha256 === part.sha256) return true;
    await rm(path, { force: true });
    return false;
  }

  /** Moves a finished file in, under the hash of its content. */
  public async add(file: string, fileName: string): Promise<Content> {
    const content = await contentOf(file);
    const path = this.path({ ...content, fileName });
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    return content;
  }

  /** Where a download that was cut waits to be resumed; named by what is downloaded. */
  public async partialDownload(url: string): Promise<string> {
    const folder = join(this.folder, "partial");
    await mkdir(folder, { recursive: true });
    return join(folder, createHash("sha256").update(url).digest("hex"));
  }

  /** Lends a folder for the time of one piece of work. */
  public async withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const parent = join(this.folder, "scratch");
    await mkdir(parent, { recursive: true });
    await removeOld(parent);
    const folder = await mkdtemp(join(parent, "work-"));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What a process that was killed left behind. */
async function removeOld(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const age = await stat(path).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > ONE_DAY_MILLIS) await rm(path, { recursive: true, force: true });
  }
}

/** Reads a file and says what its content is. */
export async function contentOf(path: string): Promise<Content> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  });
  return { sha256: hash.digest("hex"), sizeBytes };
}
