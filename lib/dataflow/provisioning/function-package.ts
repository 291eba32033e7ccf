import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packageRoot } from "../../core/package-root";
import { refuse } from "../../core/validation";

/** What AWS Lambda runs: an archive that was built with this package. */
export interface FunctionPackage {
  readonly path: string;
  /** SHA-256 in Base64, as Lambda tells it. */
  readonly hash: string;
}

/** The archive of a function of this package, such as `postgresql-provisioner`. */
export function functionPackage(name: string, folder = join(packageRoot(), "build", "functions")): FunctionPackage {
  const path = join(folder, `${name}.zip`);
  try {
    return { path, hash: createHash("sha256").update(readFileSync(path)).digest("base64") };
  } catch (failure) {
    // A package that was installed has it, so this is a clone.
    if ((failure as NodeJS.ErrnoException).code !== "ENOENT") throw failure;
    refuse({
      property: "the function that makes what is asked for",
      value: relative(packageRoot(), path),
      allowed: "built",
      remedy: `run \`make build\` in ${packageRoot()}`,
    });
  }
}
