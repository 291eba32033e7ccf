import { constants } from "fs";
import * as fs from "fs/promises";
import * as path from "path";

/** Numbers of a user and a group. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writes a whole file or leaves the old one: also when the power fails in between. Tells whether anything
 * changed; a file that is right already is not touched.
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
  owner: Owner = { uid: process.getuid!(), gid: process.getgid!() },
): Promise<boolean> {
  const bytes = Buffer.from(content as Uint8Array);
  if (await isAlready(file, bytes, mode, owner)) return false;
  const temporary = `${file}.new`;
  await fs.rm(temporary, { force: true });
  // Nobody else may read it before owner and mode are right.
  const handle = await fs.open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.chown(owner.uid, owner.gid);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(temporary, file);
  await syncFolder(path.dirname(file));
  return true;
}

/** Makes the renames in a folder outlive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The content of a file, nothing when there is none. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function isAlready(file: string, bytes: Buffer, mode: number, owner: Owner): Promise<boolean> {
  try {
    const found = await fs.lstat(file);
    return (
      found.isFile() &&
      (found.mode & 0o7777) === mode &&
      found.uid === owner.uid &&
      found.gid === owner.gid &&
      found.size === bytes.length &&
      (await fs.readFile(file)).equals(bytes)
    );
  } catch {
    return false;
  }
}

/**
 * Makes a folder with owner and mode; a link or a file in its place is removed. One that belongs to another user is
 * handed over with all that is in it: on a new machine a user may have got another number than on the one before.
 * What becomes root's is the folder alone: those inside have owners of their own.
 */
export async function ensureFolder(folder: string, mode: number, owner: Owner): Promise<void> {
  const handle = await openFolder(folder);
  try {
    const found = await handle.stat();
    if (found.uid !== owner.uid || found.gid !== owner.gid) {
      if (owner.uid !== ROOT) await handOverContent(folder, found, owner);
      // Last, so that a hand-over that was cut is begun again.
      await handle.chown(owner.uid, owner.gid);
    }
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

const ROOT = 0;

/** The folder itself, made where there is none; by its handle, as a path may lead elsewhere a moment later. */
async function openFolder(folder: string): Promise<fs.FileHandle> {
  const found = await fs.lstat(folder).catch(() => undefined);
  if (found && !found.isDirectory()) await fs.rm(folder);
  await fs.mkdir(folder, { recursive: true });
  return fs.open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

async function handOverContent(folder: string, before: Owner, owner: Owner): Promise<void> {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    const found = await fs.lstat(inside);
    // Only what belonged to the folder's owner: others have folders of their own inside.
    if (found.uid !== before.uid) continue;
    if (found.isDirectory()) await handOverContent(inside, before, owner);
    await fs.lchown(inside, owner.uid, owner.gid);
  }
}
