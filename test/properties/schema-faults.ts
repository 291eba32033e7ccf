import { Block } from "../support/synthesized";
import { AttributeType, BlockSchema, NestedBlock, ObjectType, ProviderSchema } from "./provider-schema";

/** What Terraform itself reads in each resource and data source. */
const META_ARGUMENTS = ["depends_on", "lifecycle", "provider", "provisioner", "connection", "//"];
/** The parts of a configuration. */
const PARTS = ["//", "terraform", "provider", "resource", "data", "output", "variable", "locals"];
/** A text that is one expression and nothing else: it may become a value of any type. */
const EXPRESSION = /^\$\{[^]*\}$/;
const REFERENCE = /(?<![\w.$-])(data\.)?((?:aws|terraform)_\w+)\.([\w-]+)(?:\[[^\]]*\])?(?:\.(\w+))?/g;

/** What a provider's schema forbids in the configuration of one stack; empty where it is valid. */
export function schemaFaults(configuration: Block, schema: ProviderSchema): string[] {
  const faults = Object.keys(configuration)
    .filter((part) => !PARTS.includes(part))
    .map((part) => `${part} is no part of a configuration`);
  for (const [part, blocks] of [
    ["resource", schema.resources],
    ["data", schema.data],
  ] as const) {
    for (const [type, instances] of Object.entries((configuration[part] ?? {}) as Record<string, Block>)) {
      for (const [name, values] of Object.entries(instances)) {
        const address = part === "data" ? `data.${type}.${name}` : `${type}.${name}`;
        if (!(type in blocks)) faults.push(`${address}: the schema has no ${type}`);
        else faults.push(...blockFaults(address, withoutMetaArguments(values as Block), blocks[type]));
      }
    }
  }
  return [...faults, ...referenceFaults(configuration, schema)];
}

function withoutMetaArguments(values: Block): Block {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !META_ARGUMENTS.includes(name)));
}

function blockFaults(
  where: string,
  values: unknown,
  { attributes = {}, block_types: blocks = {} }: BlockSchema,
): string[] {
  if (typeof values !== "object" || values === null || Array.isArray(values)) return [`${where} is no block`];
  const faults: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (Object.hasOwn(attributes, name)) {
      const { required, optional, type } = attributes[name];
      if (!required && !optional) faults.push(`${where}.${name} is the provider's to say`);
      faults.push(...typeFaults(`${where}.${name}`, value, type));
    } else if (Object.hasOwn(blocks, name)) faults.push(...nestedFaults(`${where}.${name}`, value, blocks[name]));
    else faults.push(`${where}.${name} is in no schema`);
  }
  for (const [name, { required }] of Object.entries(attributes)) {
    if (required && values[name as never] == null) faults.push(`${where}.${name} is missing`);
  }
  for (const [name, { min_items: least = 0 }] of Object.entries(blocks)) {
    if (least > 0 && !(name in values)) faults.push(`${where}.${name} is missing`);
  }
  return faults;
}

function nestedFaults(where: string, value: unknown, { block, nesting_mode: mode, ...items }: NestedBlock): string[] {
  if (mode === "map")
    return Object.entries(value as Block).flatMap(([key, one]) => blockFaults(`${where}.${key}`, one, block));
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const most = mode === "single" || mode === "group" ? 1 : (items.max_items ?? Infinity);
  const count =
    all.length < (items.min_items ?? 0) || all.length > most ? [`${where} stands there ${all.length} times`] : [];
  return [...count, ...all.flatMap((one, index) => blockFaults(`${where}[${index}]`, one, block))];
}

function typeFaults(where: string, value: unknown, type: AttributeType): string[] {
  if (value === null || type === "dynamic") return [];
  if (typeof value === "string" && EXPRESSION.test(value)) return [];
  const wrong = [`${where} is ${JSON.stringify(value)} and no ${JSON.stringify(type)}`];
  if (typeof type === "string") return typeof value === (type === "bool" ? "boolean" : type) ? [] : wrong;
  if (type[0] === "list" || type[0] === "set") {
    const [, of] = type;
    return Array.isArray(value) ? value.flatMap((one, index) => typeFaults(`${where}[${index}]`, one, of)) : wrong;
  }
  if (typeof value !== "object" || Array.isArray(value)) return wrong;
  const entries = Object.entries(value);
  if (type[0] === "map") {
    const [, of] = type;
    return entries.flatMap(([key, one]) => typeFaults(`${where}.${key}`, one, of));
  }
  const [, of, optional = []] = type as ObjectType;
  return [
    ...entries.flatMap(([key, one]) =>
      Object.hasOwn(of, key) ? typeFaults(`${where}.${key}`, one, of[key]) : [`${where}.${key} is in no schema`],
    ),
    ...Object.keys(of)
      .filter((key) => !optional.includes(key) && !(key in value))
      .map((key) => `${where}.${key} is missing`),
  ];
}

/** References to what the configuration does not have. */
function referenceFaults(configuration: Block, schema: ProviderSchema): string[] {
  const faults = new Set<string>();
  for (const expression of expressionsIn(configuration)) {
    for (const [reference, data, type, name, attribute] of expression.matchAll(REFERENCE)) {
      const part = data ? "data" : "resource";
      if (!configuration[part]?.[type]?.[name]) faults.add(`${reference} is referred to and does not exist`);
      else if (attribute !== undefined) {
        const block = (data ? schema.data : schema.resources)[type];
        if (!Object.hasOwn({ ...block?.attributes, ...block?.block_types }, attribute)) {
          faults.add(`${reference} is referred to, and ${type} has no ${attribute}`);
        }
      }
    }
  }
  return [...faults];
}

/** Everything between `${` and `}`; `$${` is a text of its own. */
function expressionsIn(value: unknown): string[] {
  if (typeof value === "string") return [...value.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inner]) => inner);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(expressionsIn);
}
