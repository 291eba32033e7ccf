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
 * Makes a folder with owner and mode. One that belongs to somebody else is handed over with all that is in
 * it: on a new machine a user may have got another number than on the one before.
 */
export async function ensureFolder(folder: string, mode: number, owner: Owner): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const found = await fs.lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
  if (found.uid !== owner.uid || found.gid !== owner.gid) await handOver(folder, found, owner);
  await fs.chmod(folder, mode);
}

async function handOver(folder: string, before: Owner, owner: Owner): Promise<void> {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    const found = await fs.lstat(inside);
    // Only what belonged to the folder's owner: others have folders of their own inside.
    if (found.uid !== before.uid) continue;
    if (entry.isDirectory()) await handOver(inside, before, owner);
    else await fs.lchown(inside, owner.uid, owner.gid);
  }
  // Last, so that a hand-over that was cut is begun again.
  await fs.lchown(folder, owner.uid, owner.gid);
}
