import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../../lib/software/cache";
import { fetchSoftware } from "../../lib/software/fetch";
import { progressFor } from "../../lib/software/progress";

/** Flink lines that the lab boots. */
const FLINK_LINES = ["1.20", "2.2", "2.3"];

/** The lock file of the tests: it lies in the cache, beside what it names, so that no run changes the checkout. */
export function testLockFile(): string {
  return join(cacheDirectory(), "test", "cdktf-flink.lock.json");
}

/** Downloads the software that the lab boots, from package registries; does nothing when all is there. */
export async function ensureSoftware(flink: readonly string[] = FLINK_LINES): Promise<void> {
  const lockFile = testLockFile();
  mkdirSync(dirname(lockFile), { recursive: true });
  const progress = progressFor();
  try {
    await fetchSoftware({
      lockFile,
      origin: "package-registries",
      flink,
      architectures: ["amd64"],
      progress,
    });
  } finally {
    progress.stop();
  }
}
