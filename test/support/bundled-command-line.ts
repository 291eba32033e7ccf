import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const BUNDLE = "import(process.argv[1]).then(({ bundleCli }) => bundleCli(process.argv[2]))";

/** Bundles the command line as it is into a package of its own, in a folder that may not be there yet; gives its path. */
export function bundleCommandLine(folder: string): string {
  const program = path.join(folder, "bin", "cdktf-flink");
  mkdirSync(path.dirname(program), { recursive: true });
  // The command line asks the package that it is part of for its version.
  copyFileSync(path.join(ROOT, "package.json"), path.join(folder, "package.json"));
  execFileSync(process.execPath, ["-e", BUNDLE, path.join(ROOT, "scripts/bundle-cli.mjs"), program]);
  return program;
}
