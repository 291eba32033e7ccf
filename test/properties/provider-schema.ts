import { readFileSync } from "node:fs";
import path from "node:path";

/** As Terraform writes types: `"string"`, `["list", "string"]`, `["object", { key: "string" }]`. */
export type AttributeType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set", AttributeType]
  | readonly ["map", AttributeType]
  | ObjectType;

/** The last are the names of those that may be missing. */
export type ObjectType = readonly ["object", Readonly<Record<string, AttributeType>>, (readonly string[])?];

export interface AttributeSchema {
  readonly type: AttributeType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

export interface NestedBlock {
  readonly nesting_mode: "single" | "group" | "list" | "set" | "map";
  readonly min_items?: number;
  readonly max_items?: number;
  readonly block: BlockSchema;
}

export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** By type, such as `aws_instance`. */
export interface ProviderSchema {
  readonly resources: Readonly<Record<string, BlockSchema>>;
  readonly data: Readonly<Record<string, BlockSchema>>;
}

export const SCHEMA_FILE = path.join(__dirname, "provider-schema.json");

/** What stands in provider-schema.json. */
export function storedProviderSchema(): ProviderSchema {
  return JSON.parse(readFileSync(SCHEMA_FILE, "utf8")) as ProviderSchema;
}
