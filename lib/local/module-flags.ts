import { readFileSync } from "node:fs";
import { join } from "node:path";

const MODULE_FLAG = /^--add-(?:exports|opens)=([^/]+)\//;

/**
 * Flags for a Java without those that open a module which it does not have: at each start it would warn of each. A Java to
 * run programs has no compiler, and Flink's own list is for one to build Flink, too.
 *
 * @param java its folder
 */
export function withoutMissingModules(flags: string, java: string): string {
  const modules = modulesOf(java);
  if (!modules) return flags;
  const opensNothing = (flag: string): boolean => {
    const module = MODULE_FLAG.exec(flag)?.[1];
    return module !== undefined && !modules.has(module);
  };
  return flags
    .split(" ")
    .filter((flag) => !opensNothing(flag))
    .join(" ");
}

/** What a Java says that it is made of; undefined where it does not say. */
function modulesOf(java: string): ReadonlySet<string> | undefined {
  try {
    const names = /^MODULES="([^"]+)"$/m.exec(readFileSync(join(java, "release"), "utf8"))?.[1];
    return names === undefined ? undefined : new Set(names.split(" "));
  } catch {
    return undefined;
  }
}
