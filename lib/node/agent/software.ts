import { createHash } from "crypto";
import { createReadStream } from "fs";
import * as fs from "fs/promises";
import * as path from "path";
import { pipeline } from "stream/promises";
import type { SoftwareItem } from "../desired-state";
import { SOFTWARE } from "../paths";
import { mustRun } from "./command";
import type { ObjectStore } from "./object-store";
import { syncFolder } from "./files";
import { log } from "./log";

/** A part whose connection says nothing for so long is asked for anew, from where it broke off. */
const SILENCE_MILLIS = 20_000;

/**
 * Lays a part out in `folder`, which then is whole: its bytes were checked before they were unpacked, and it
 * got its name last. A part that is there already costs nothing. A download that broke off goes on where it was.
 */
export async function installSoftware(
  store: ObjectStore,
  bucket: string,
  item: SoftwareItem,
  folder: string,
): Promise<void> {
  if (await exists(folder)) return;
  await fs.mkdir(path.dirname(folder), { recursive: true });
  const download = `${folder}.part`;
  await fetchVerified(store, bucket, item, download);

  const temporary = `${folder}.tmp`;
  await fs.rm(temporary, { recursive: true, force: true });
  await fs.mkdir(temporary);
  await fs.chmod(temporary, 0o755);
  if (item.kind === "file") {
    await fs.rename(download, path.join(temporary, item.fileName));
  } else {
    await mustRun("tar", ["-xzf", download, "-C", temporary, "--strip-components=1", "--no-same-owner"], 900);
    await fs.rm(download);
  }
  // The name must not outlive a loss of power that the content did not.
  await mustRun("sync", ["-f", temporary], 300);
  await fs.rename(temporary, folder);
  await syncFolder(path.dirname(folder));
}

/** Removes every part, whole or half fetched, that lies beside these folders. */
export async function removeOtherSoftware(keep: readonly string[], base: string = SOFTWARE): Promise<void> {
  const names = new Set(keep.map((folder) => path.basename(folder)));
  for (const found of await fs.readdir(base).catch(() => [])) {
    if (names.has(found.replace(/\.(part|tmp)$/, ""))) continue;
    log(`removing ${found}, which neither runs nor ran before nor is to run`);
    await fs.rm(path.join(base, found), { recursive: true, force: true });
  }
}

async function fetchVerified(store: ObjectStore, bucket: string, item: SoftwareItem, file: string): Promise<void> {
  const present = await sizeOf(file);
  if (present < item.sizeBytes || present === 0) await fetchRest(store, bucket, item, file, present);
  const found = await sha256Of(file);
  if (found !== item.sha256) {
    await fs.rm(file, { force: true });
    throw new Error(
      `${item.name} ${item.version} from ${bucket}/${item.key} has the SHA-256 ${found}, but must have ${item.sha256}: it was thrown away`,
    );
  }
}

async function fetchRest(
  store: ObjectStore,
  bucket: string,
  item: SoftwareItem,
  file: string,
  present: number,
): Promise<void> {
  const { body, resumed } = await store.open(bucket, item.key, present);
  const silence = setTimeout(() => body.destroy(new Error("no byte for too long")), SILENCE_MILLIS);
  const handle = await fs.open(file, resumed ? "a" : "w");
  try {
    // Chunk by chunk, so that what arrived before a cut is kept.
    for await (const chunk of body) {
      silence.refresh();
      await handle.writeFile(chunk as Buffer);
    }
  } finally {
    clearTimeout(silence);
    await handle.close();
  }
  const size = await sizeOf(file);
  if (size < item.sizeBytes) throw new Error(`${item.name} broke off at ${size} of ${item.sizeBytes} bytes`);
}

async function sha256Of(file: string): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(file), digest);
  return digest.digest("hex");
}

async function sizeOf(file: string): Promise<number> {
  return (await fs.stat(file).catch(() => undefined))?.size ?? 0;
}

async function exists(file: string): Promise<boolean> {
  return (await fs.stat(file).catch(() => undefined)) !== undefined;
}
