import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { undoneAtEnd } from "../../core/undone-at-end";

/** Lends a folder that only this user may look into, and which is gone afterwards, however this program ends. */
export async function withPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "cdktf-flink-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const done = undoneAtEnd(remove);
  try {
    return await work(folder);
  } finally {
    remove();
    done();
  }
}
