import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Terraform } from "../support/terraform";
import { BlockSchema, ProviderSchema } from "./provider-schema";

const ROOT = path.resolve(__dirname, "..", "..");
/** The version that `@cdktf/provider-aws` of package.json was generated from. */
export const PROVIDER_VERSION = "5.100.0";

/** What `terraform providers schema -json` says of one provider. */
interface TerraformSchemas {
  readonly resource_schemas: Readonly<Record<string, { readonly block: BlockSchema }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: BlockSchema }>>;
}

/** The kinds of resources and data sources that lib makes, by the modules of them that it imports. */
export function kindsInLib(): { readonly resources: string[]; readonly data: string[] } {
  const files = readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" });
  const text = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(path.join(ROOT, "lib", file), "utf8"))
    .join("\n");
  const modules = [...text.matchAll(/"@cdktf\/provider-aws\/lib\/([a-z0-9-]+)"/g)].map(([, name]) => name);
  const kinds = [...new Set(modules)].filter((name) => name !== "provider").sort();
  const type = (name: string) => name.replace(/-/g, "_");
  return {
    resources: [
      ...kinds.filter((name) => !name.startsWith("data-")).map((name) => `aws_${type(name)}`),
      "terraform_data",
    ],
    data: kinds.filter((name) => name.startsWith("data-")).map((name) => type(name.slice("data-".length))),
  };
}

/** Asks Terraform for the schema of everything that lib makes. */
export async function readProviderSchema(): Promise<ProviderSchema> {
  const folder = mkdtempSync(path.join(tmpdir(), "schema-"));
  try {
    const terraform = new Terraform(folder);
    const configuration = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version: PROVIDER_VERSION } } },
      // So that its provider is asked as well.
      resource: { terraform_data: { any: {} } },
    };
    writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(configuration));
    await terraform.init();
    const { stdout } = await terraform.call("providers", "schema", "-json");
    const schemas = (JSON.parse(stdout) as { provider_schemas: Record<string, TerraformSchemas> }).provider_schemas;
    const kinds = kindsInLib();
    const resources = Object.assign({}, ...Object.values(schemas).map((each) => each.resource_schemas));
    const data = Object.assign({}, ...Object.values(schemas).map((each) => each.data_source_schemas));
    return { resources: pick(resources, kinds.resources), data: pick(data, kinds.data) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pick(schemas: TerraformSchemas["resource_schemas"], names: readonly string[]): Record<string, BlockSchema> {
  return Object.fromEntries(
    names.map((name) => {
      if (!(name in schemas)) throw new Error(`the provider has no ${name}`);
      return [name, withoutWords(schemas[name].block)];
    }),
  );
}

/** Only what decides whether a configuration is valid. */
function withoutWords<T>(value: T): T {
  const words = ["description", "description_kind", "deprecated", "version", "sensitive"];
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
    // An attribute may have the name of one of these words.
    return words.includes(key) && typeof each !== "object" ? undefined : each;
  });
  return JSON.parse(text) as T;
}
