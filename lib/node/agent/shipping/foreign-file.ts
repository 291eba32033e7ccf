import { constants } from "fs";
import * as fs from "fs/promises";

/**
 * A file of another user, which may be a link, a pipe or anything else; nothing where there is none. Fails with a sentence
 * without a full stop where it is no file, or one that is too large.
 */
export async function readForeignFile(file: string, largestBytes: number): Promise<string | undefined> {
  // Neither led elsewhere by a link nor held up by a pipe.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await fs.open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Error(`it cannot be opened (${error.code})`);
  });
  if (!handle) return undefined;
  try {
    if (!(await handle.stat()).isFile()) throw new Error("it is no file");
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(largestBytes + 1), 0, largestBytes + 1, 0);
    if (bytesRead > largestBytes) throw new Error(`it has more than ${largestBytes} bytes`);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
