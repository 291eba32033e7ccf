import { type Difference, DIFFERENCES } from "../../lib/local/differences";

function row({ key, why }: Difference): string {
  const [kind, ...rest] = why.split(": ");
  return `| ${key}${key.endsWith(".") ? "…" : ""} | ${kind} | ${rest.join(": ")} |`;
}

/** The page of all keys in which a local cluster differs from the one it is made of. */
export function localKeysPage(): string {
  const rows = [...DIFFERENCES].sort((a, b) => (a.key < b.key ? -1 : 1)).map(row);
  return `${[
    "<!-- Made by `make docs` from lib/local/differences.ts: change it there. -->",
    "",
    "# Where a local cluster differs",
    "",
    "All keys of Flink's configuration in which a [cluster on your own machine](local.md) differs from the one it is made of;",
    "with a … all keys that begin so. Every other key is the same, which tests hold against a Flink that runs.",
    "",
    "| Key | Kind | Why, and what it is instead |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n")}\n`;
}
