import { existsSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import ts from "typescript";
import { root } from "./root.mjs";

/** The package that a module specifier belongs to: `@scope/name/lib/x` -> `@scope/name`. */
function packageOf(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function resolveRelative(from, specifier, extensions) {
  const target = path.resolve(path.dirname(from), specifier);
  const candidates = [target, ...extensions.flatMap((e) => [target + e, path.join(target, `index${e}`)])];
  const found = candidates.find((file) => existsSync(file) && statSync(file).isFile());
  if (!found) throw new Error(`${path.relative(root, from)} refers to ${specifier}, which was not built`);
  return found;
}

/** What the user's app has beside this package. */
function peers() {
  return Object.keys(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).peerDependencies);
}

/**
 * Follows every import of the entry and of what it imports: the imports, as `{ file, specifier }`, of packages that
 * the user's app need not have.
 */
export function importsOfOthers(entry, extensions) {
  const allowed = peers();
  const found = [];
  const seen = new Set();
  const waiting = [entry];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file) || file.endsWith(".json")) continue;
    seen.add(file);
    for (const { fileName: specifier } of ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles) {
      if (specifier.startsWith(".")) waiting.push(resolveRelative(file, specifier, extensions));
      else if (!isBuiltin(specifier) && !allowed.includes(packageOf(specifier))) found.push({ file, specifier });
    }
  }
  return found;
}
