import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { softwareKey } from "../core/bucket-layout";
import { packageRoot } from "../core/package-root";
import type { SoftwareItem } from "../node/desired-state";
import { Problem } from "./problem";

export interface PackagePartProps {
  readonly name: string;
  /** What it is, in a sentence. */
  readonly title: string;
  /** What was built, below `build/` of this package. */
  readonly file: string;
  readonly kind: SoftwareItem["kind"];
}

/** A part that was built with this package and comes with it: nobody fetches it, so no lock file names it. */
export function packagePart({ name, title, file, kind }: PackagePartProps): SoftwareItem {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    // A package that was installed has it, so this is a clone; the system's own words would lead elsewhere.
    if (code === "ENOENT") {
      throw new Problem(`there is no ${relative(packageRoot(), file)} yet: run \`make build\` in ${packageRoot()}`);
    }
    throw new Problem(`the ${title} cannot be read: mend what the system says (${message})`, { cause: failure });
  }
  const part = {
    name,
    version: packageVersion(),
    sha256: createHash("sha256").update(content).digest("hex"),
    fileName: basename(file),
  };
  return { ...part, key: softwareKey(part), sizeBytes: content.length, kind };
}

/** The version of this package. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}
