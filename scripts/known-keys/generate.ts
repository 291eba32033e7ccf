/**
 * Writes the list of configuration keys that a line of Flink knows, from an unpacked distribution:
 *
 *     npx ts-node --transpile-only scripts/known-keys/generate.ts 2.3 FLINK_HOME
 *
 * Needs `java` 17 or newer on the path. Run it when the lock file moves to a new patch, and review the difference.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packages whose options belong to tables, formats, catalogs or reporters: their keys are relative to those. */
const RELATIVE_TO_SOMETHING_ELSE = [
  "org.apache.flink.connector.",
  "org.apache.flink.externalresource.",
  "org.apache.flink.formats.",
  "org.apache.flink.metrics.",
  "org.apache.flink.table.catalog.",
  "org.apache.flink.table.connector.",
  "org.apache.flink.table.factories.",
  "org.apache.flink.table.module.",
  "org.apache.flink.table.runtime.",
  "org.apache.flink.table.sinks.",
  "org.apache.flink.table.utils.",
  "org.apache.flink.table.api.config.LookupJoinHintOptions",
  "org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions",
  "org.apache.flink.table.api.config.VectorSearchRuntimeConfigOptions",
  "org.apache.flink.table.api.config.MaterializedTableConfigOptions",
  "org.apache.flink.streaming.api.graph.StreamConfig",
];
/** Of those packages, what is nevertheless read from the cluster's configuration. */
const YET_ABSOLUTE = /^(source\.reader|source\.file|table|collect-sink)\./;
/** Options of a reporter, a token provider or an external resource; lib/settings/known-keys/rules.ts has them. */
const RELATIVE_CLASS = /\.(MetricOptions|EventOptions|TraceOptions|SecurityOptions)$/;
const ABSOLUTE_OF_RELATIVE_CLASS = /^(metrics|events|traces|security|zookeeper)\./;
/** Not for users, or for clusters of another kind than virtual machines. */
const NOT_OURS = /^(\$internal|internal|kubernetes|yarn|containerized|flink\.yarn)\.|[<#$]/;

interface Lists {
  readonly keys: string[];
  readonly maps: string[];
  readonly oldKeys: string[];
}

function read(flinkHome: string): Lists {
  const listing = execFileSync("java", [join(__dirname, "ListConfigOptions.java"), flinkHome], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const found = { key: new Set<string>(), map: new Set<string>() };
  const old = new Map<string, Set<string>>();
  for (const line of listing.trim().split("\n")) {
    const [kind, key, owner, currentKey] = line.split(" ") as [string, string, string, string | undefined];
    if (!isOfTheCluster(key, owner)) continue;
    if (currentKey !== undefined) old.set(key, (old.get(key) ?? new Set()).add(currentKey));
    else found[kind as keyof typeof found].add(key);
  }
  // A name that is both (an old name given to a new option) is a current one.
  const current = new Set([...found.key, ...found.map]);
  return {
    keys: [...found.key].filter((key) => !found.map.has(key)).sort(),
    maps: [...found.map].sort(),
    oldKeys: [...old]
      .filter(([key]) => !current.has(key))
      .map(([key, currentKeys]) => [key, ...[...currentKeys].sort()].join(" "))
      .sort(),
  };
}

function isOfTheCluster(key: string, owner: string): boolean {
  if (NOT_OURS.test(key)) return false;
  if (RELATIVE_TO_SOMETHING_ELSE.some((prefix) => owner.startsWith(prefix))) return YET_ABSOLUTE.test(key);
  if (RELATIVE_CLASS.test(owner)) return ABSOLUTE_OF_RELATIVE_CLASS.test(key);
  return true;
}

function render(line: string, lists: Lists): string {
  const list = (name: string, why: string, keys: readonly string[]): string =>
    `/** ${why} */\nexport const ${name} = \`\n${keys.join("\n")}\n\`;\n`;
  return [
    `// Made by scripts/known-keys/generate.ts from the distribution of Flink ${line}; one key a line. Do not edit.\n`,
    list("KEYS", "Keys that take one value.", lists.keys),
    list("MAPS", "Keys that take a map, also as `key.name: value`.", lists.maps),
    list("OLD_KEYS", "Deprecated names that are still read, each followed by the current ones.", lists.oldKeys),
  ].join("\n");
}

const [line, flinkHome] = process.argv.slice(2);
if (!line || !flinkHome || !/^\d+\.\d+$/.test(line)) {
  console.error("usage: generate.ts LINE FLINK_HOME, for example: generate.ts 2.3 ./flink-2.3.0");
  process.exit(2);
}
const lists = read(flinkHome);
const file = join(__dirname, "..", "..", "lib", "settings", "known-keys", `flink-${line}.ts`);
writeFileSync(file, render(line, lists));
console.log(`${file}: ${lists.keys.length} keys, ${lists.maps.length} maps, ${lists.oldKeys.length} deprecated names`);
