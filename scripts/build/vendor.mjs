import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { importsOfOthers } from "./imports.mjs";
import { root } from "./root.mjs";

/** `@scope/name/part` -> `scope-name-part`. */
function fileNameOf(specifier) {
  return `${specifier.replace(/^@/, "").replaceAll("/", "-")}.js`;
}

async function bundle(specifier, outfile) {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: `module.exports = require(${JSON.stringify(specifier)});`, resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/**
 * Bundles every npm package that the compiled library requires into build/lib/vendor and lets the library require
 * the bundle, so that a user's app needs the peers and nothing else. Returns the bundles' metafiles.
 */
export async function vendorPackages() {
  const imports = importsOfOthers(path.join(root, "build/lib/index.js"), [".js", ".json"]);
  const folder = path.join(root, "build/lib/vendor");
  const metafiles = [];
  for (const specifier of new Set(imports.map((each) => each.specifier))) {
    const target = path.join(folder, fileNameOf(specifier));
    metafiles.push(await bundle(specifier, target));
    for (const { file } of imports.filter((each) => each.specifier === specifier)) {
      const relative = path.relative(path.dirname(file), target).split(path.sep).join("/");
      const text = readFileSync(file, "utf8");
      const required = `require(${JSON.stringify(specifier)})`;
      if (!text.includes(required))
        throw new Error(`${path.relative(root, file)} imports ${specifier} in an unknown way`);
      const own = relative.startsWith(".") ? relative : `./${relative}`;
      writeFileSync(file, text.replaceAll(required, `require(${JSON.stringify(own)})`));
    }
  }
  return metafiles;
}

/** Refuses types of the public API that lead to a package which the user's app need not have. */
export function assertTypesNeedOnlyPeers() {
  const [first] = importsOfOthers(path.join(root, "build/lib/index.d.ts"), [".d.ts"]);
  if (!first) return;
  throw new Error(
    `the types of ${path.relative(root, first.file)} show ${first.specifier}, which a user's app need not have: ` +
      "keep it out of what that file exports",
  );
}
