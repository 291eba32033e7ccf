import { execFileSync } from "child_process";
import { createHash } from "crypto";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { softwareKey } from "../../../lib/core/bucket-layout";
import type { SoftwareItem } from "../../../lib/node/desired-state";

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-flink-test-"));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export interface PublishedPart {
  readonly item: SoftwareItem;
  readonly bytes: Buffer;
}

/** A part that is one file. */
export function filePart(name: string, content: string | Buffer, fileName = `${name}.bin`): PublishedPart {
  const bytes = Buffer.from(content as Buffer);
  return { bytes, item: describe(name, "file", fileName, bytes) };
}

/** A part that is an archive with one top folder, of the given files. */
export function archivePart(name: string, files: Readonly<Record<string, string>>): PublishedPart {
  const folder = temporaryFolder();
  try {
    for (const [file, content] of Object.entries(files)) {
      const target = path.join(folder, `${name}-top`, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, content, { mode: 0o755 });
    }
    const bytes = execFileSync("tar", ["-czf", "-", "-C", folder, `${name}-top`]);
    return { bytes, item: describe(name, "tar.gz", `${name}.tar.gz`, bytes) };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function describe(name: string, kind: SoftwareItem["kind"], fileName: string, bytes: Buffer): SoftwareItem {
  const part = { name, version: "1.2.3", sha256: sha256(bytes), fileName };
  return { ...part, key: softwareKey(part), kind, sizeBytes: bytes.length };
}
