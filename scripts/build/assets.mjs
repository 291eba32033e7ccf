import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { filesBelow } from "./files.mjs";
import { root } from "./root.mjs";

/** Kinds of files in lib that are not read at synth. */
const NOT_AN_ASSET = [/\.tsx?$/, /\.md$/, /\.pyc$/];

/** Copies what the library reads at synth (such as the bootstrap) to where the compiled code looks for it. */
export function copyAssets() {
  const assets = filesBelow(path.join(root, "lib")).filter((file) => !NOT_AN_ASSET.some((kind) => kind.test(file)));
  for (const asset of assets) {
    const target = path.join(root, "build", path.relative(root, asset));
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(asset, target);
  }
  return assets;
}
