import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const LOCK_FILE = resolve(__dirname, "..", "..", "cdktf-flink.lock.json");

interface Part {
  readonly name: string;
}

interface Origin {
  readonly releases: { readonly architecture: string; readonly parts: Record<string, string> }[];
  parts: Part[];
}

/** The lock file of this repository as it would be if none of its releases had the part. */
export function lockFileWithout(folder: string, part: string): string {
  return changed(folder, `without-${part}`, ({ releases }) => {
    for (const { parts } of releases) delete parts[part];
  });
}

/** The same as it would be if each had a Telegraf. */
export function lockFileWithTelegraf(folder: string): string {
  return changed(folder, "with-telegraf", (origin) => {
    const version = "1.37.2";
    origin.parts = origin.parts.filter(({ name }) => name !== "telegraf");
    for (const { parts } of origin.releases) parts.telegraf = version;
    for (const architecture of new Set(origin.releases.map((release) => release.architecture))) {
      const fileName = `telegraf-${version}-linux-${architecture}.tar.gz`;
      const source = { kind: "go-build", toolchain: "go1.26.8" };
      const part = { name: "telegraf", version, architecture, sha256: "0".repeat(64), sizeBytes: 1 };
      origin.parts.push({ ...part, ...{ kind: "tar.gz", fileName, source } });
    }
  });
}

function changed(folder: string, name: string, change: (origin: Origin) => void): string {
  const lock = JSON.parse(readFileSync(LOCK_FILE, "utf8")) as { readonly origins: Record<string, Origin> };
  Object.values(lock.origins).forEach(change);
  const file = join(folder, `${name}.lock.json`);
  writeFileSync(file, JSON.stringify(lock));
  return file;
}
