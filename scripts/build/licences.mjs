import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { filesBelow } from "./files.mjs";
import { root } from "./root.mjs";

/** The folder of the npm package that a bundled input file belongs to; undefined for our own files. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/** Name and licence text of the package in a folder. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const text = filesBelow(path.join(root, folder)).find((file) =>
    /^(licen[cs]e|copying)[^/]*$/i.test(path.relative(path.join(root, folder), file)),
  );
  // A package without the text names a licence by its identifier; it is kept as its author gave it.
  if (!text && !license) throw new Error(`${name} ${version} has no licence, so it cannot be bundled: use another one`);
  return `${name} ${version} (${license})\n\n${text ? readFileSync(text, "utf8").trim() : "No licence text is part of it."}\n`;
}

/**
 * Writes the licences of every npm package of which a part went into bundles, as esbuild's metafiles tell it, and further
 * ones as they are.
 */
export function writeLicences(metafiles, others) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const sections = [...new Set([...folders].sort().map(licenceOf)), ...others];
  const head = "Parts of these packages are bundled into build/.\n";
  writeFileSync(path.join(root, "build/THIRD-PARTY-LICENSES"), [head, ...sections].join(`\n${"-".repeat(80)}\n\n`));
  return sections.length;
}
