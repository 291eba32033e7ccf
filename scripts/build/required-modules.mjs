import { existsSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import ts from "typescript";
import { root } from "./root.mjs";

/** The package that a module specifier belongs to: `@scope/name/lib/x` -> `@scope/name`. */
export function packageOf(specifier) {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function isBuiltin(specifier) {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function resolveRelative(from, specifier, extensions) {
  const target = path.resolve(path.dirname(from), specifier);
  const candidates = [target, ...extensions.flatMap((e) => [target + e, path.join(target, `index${e}`)])];
  const found = candidates.find((file) => existsSync(file) && statSync(file).isFile());
  if (!found) throw new Error(`${path.relative(root, from)} refers to ${specifier}, which is not in the package`);
  return found;
}

/**
 * Follows every import of the entry and of what it imports, and calls `visit` for each specifier that
 * leaves the package.
 */
function walk(entry, extensions, visit) {
  const seen = new Set();
  const waiting = [entry];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file) || file.endsWith(".json")) continue;
    seen.add(file);
    const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    for (const { fileName: specifier } of importedFiles) {
      if (specifier.startsWith(".")) waiting.push(resolveRelative(file, specifier, extensions));
      else if (!isBuiltin(specifier)) visit(specifier, file);
    }
  }
}

/**
 * Refuses a library that needs at run time, or names in its types, an npm package that a user's app need not have:
 * only peers may be required.
 */
export function assertOnlyPeersRequired() {
  const peers = Object.keys(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).peerDependencies);
  for (const [entry, extensions, how] of [
    ["build/lib/index.js", [".js", ".json"], "is required"],
    ["build/lib/index.d.ts", [".d.ts"], "appears in a type"],
  ]) {
    walk(path.join(root, entry), extensions, (specifier, file) => {
      if (peers.includes(packageOf(specifier))) return;
      throw new Error(
        `${specifier} ${how} by ${path.relative(root, file)}, but only peers may be: re-export what you need of it ` +
          `from lib/vendor/${packageOf(specifier).replaceAll("/", "-")}.ts, which the build bundles, and keep its types internal`,
      );
    });
  }
}
