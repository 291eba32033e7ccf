import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { filesBelow } from "./files.mjs";
import { root } from "./root.mjs";

/** The npm package that a bundled input file belongs to, as its folder; undefined for our own files. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/** The licence of one bundled package, in full. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const text = filesBelow(path.join(root, folder)).find((file) =>
    /^(licen[cs]e|copying)(\.\w+)?$/i.test(path.relative(path.join(root, folder), file)),
  );
  if (!text) throw new Error(`${name} ${version} has no licence file, so it cannot be bundled: use another package`);
  return { name, version, license, text: readFileSync(text, "utf8").trim() };
}

/**
 * Replaces every compiled `lib/vendor/<name>` by a bundle of the npm package that it re-exports, so that the
 * library needs no package at run time, and collects the licences of what went in.
 */
export async function bundleVendoredPackages() {
  const compiled = filesBelow(path.join(root, "build/lib/vendor")).filter((file) => file.endsWith(".js"));
  const folders = new Set();
  for (const file of compiled) {
    const source = path.join(root, "lib/vendor", `${path.basename(file, ".js")}.ts`);
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [source],
      outfile: file,
      allowOverwrite: true,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      metafile: true,
      logLevel: "warning",
    });
    for (const input of Object.keys(metafile.inputs)) {
      const folder = packageFolder(input);
      if (folder) folders.add(folder);
    }
    // Its types are those of the npm package, which the user's app need not have.
    rmSync(file.replace(/\.js$/, ".d.ts"), { force: true });
  }
  const packages = [...folders].sort().map(licenceOf);
  const sections = packages.map((p) => `${p.name} ${p.version} (${p.license})\n\n${p.text}\n`);
  const head = "Parts of these packages are bundled into build/lib/vendor.\n";
  writeFileSync(path.join(root, "build/THIRD-PARTY-LICENSES"), [head, ...sections].join(`\n${"-".repeat(80)}\n\n`));
  return packages;
}
