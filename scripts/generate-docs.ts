/** Writes the pages of docs/ that are made from code. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { GENERATED_PAGES } from "./docs/pages";

async function main(): Promise<void> {
  for (const { file, render } of GENERATED_PAGES) {
    writeFileSync(path.join(__dirname, "..", file), await format(render(), { parser: "markdown", printWidth: 120 }));
    console.log(`wrote ${file}`);
  }
}

void main();
