/**
 * Writes provider-schema.json: of every resource and data source that lib makes, what Terraform's provider says of
 * its attributes and blocks. Run it after a new kind of resource has come into lib, or a new version of the provider:
 *
 *     npx ts-node --transpile-only test/properties/write-provider-schema.ts
 */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { SCHEMA_FILE } from "./provider-schema";
import { readProviderSchema } from "./terraform-schema";

async function main(): Promise<void> {
  const text = JSON.stringify(await readProviderSchema());
  writeFileSync(SCHEMA_FILE, await format(text, { parser: "json", printWidth: 120 }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
