import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../../lib/software/cache";
import { CONNECTOR_NAMES } from "../../lib/software/connectors";
import { fetchSoftware } from "../../lib/software/fetch";
import { progressFor } from "../../lib/software/progress";

/** Flink lines that the lab boots. */
const FLINK_LINES = ["1.20", "2.2", "2.3"];

/** Those of them whose jobs read and write Kafka there. */
const CONNECTOR_LINES = ["2.2"];

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
    const all = { lockFile, origin: "package-registries", architectures: ["amd64"], progress } as const;
    await fetchSoftware({ ...all, flink, logs: true, metrics: true });
    const lines = flink.filter((line) => CONNECTOR_LINES.includes(line));
    if (lines.length > 0) await fetchSoftware({ ...all, flink: lines, connectors: CONNECTOR_NAMES });
  } finally {
    progress.stop();
  }
}
