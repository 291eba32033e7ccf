import * as fs from "fs";
import * as path from "path";

/** Once it is found: it is asked for with each cluster, and stays where it is. */
let root: string | undefined;

/**
 * The folder of this package, whether its sources run (lib/) or what was built of them (build/lib/): what is
 * not TypeScript lies at fixed places below it.
 */
export function packageRoot(): string {
  return (root ??= findRoot());
}

function findRoot(): string {
  let folder = __dirname;
  for (;;) {
    const manifest = path.join(folder, "package.json");
    if (fs.existsSync(manifest) && packageName(manifest) === "cdktf-flink") return folder;
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error("the package.json of cdktf-flink was not found above " + __dirname);
    folder = parent;
  }
}

function packageName(manifest: string): string {
  return (JSON.parse(fs.readFileSync(manifest, "utf8")) as { name: string }).name;
}
