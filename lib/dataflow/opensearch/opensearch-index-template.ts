import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import type { TemplateRequest } from "../provisioning/opensearch/domain-request";
import { requireIndexPattern } from "./index-pattern";

/** What an index template of a domain of our own can be told. */
export interface OpenSearchIndexTemplateProps {
  /**
   * Names of the indices that are made by it, one at least, each 1 to 255 lower-case letters, digits and `._-`, with a `*` for
   * the rest of a name after two characters at least, such as `orders-*`.
   */
  readonly patterns: string[];
  /**
   * Fields and their types, as OpenSearch takes them for `mappings`: a JSON object of at most 65,536 characters, such as
   * `{"dynamic": "strict", "properties": {"id": {"type": "long"}}}`. It is in the state: write no secret into it.
   *
   * @default - none: what fields are is found out by the first document, and jobs have to be let add fields (`jobsMayAddFields`)
   */
  readonly mappings?: string;
  /**
   * Settings of the indices, as OpenSearch takes them for `settings`: a JSON object of at most 65,536 characters, such as
   * `{"index": {"number_of_shards": 3}}`.
   *
   * @default - OpenSearch's own
   */
  readonly settings?: string;
  /**
   * Which template is taken where the patterns of several fit: the one with the highest number, 0 to 1,000,000. OpenSearch
   * refuses two of the same.
   *
   * @default 100
   */
  readonly priority?: number;
}

const PROPS: OptionNames<OpenSearchIndexTemplateProps> = {
  patterns: true,
  mappings: true,
  settings: true,
  priority: true,
};
const NAME = /^[a-z0-9][a-z0-9._-]{0,254}$/;
const LONGEST_JSON = 65_536;
const DEFAULT_PRIORITY = 100;
const EXAMPLES = {
  mappings: 'JSON.stringify({ dynamic: "strict", properties: { id: { type: "long" } } })',
  settings: "JSON.stringify({ index: { number_of_shards: 3 } })",
};

/** A template as the function that makes it is told, checked. */
export function templateRequest(name: string, props: OpenSearchIndexTemplateProps): TemplateRequest {
  requireKnown("name", name, "it is checked when the program runs");
  requireText("name", name, NAME, "1 to 255 lower-case letters, digits and ._-, beginning with a letter or a digit");
  requireOptionsOf(`props of index template ${name}`, props, PROPS);
  const { patterns, mappings, settings, priority = DEFAULT_PRIORITY } = props;
  requirePatterns(`patterns of index template ${name}`, patterns);
  requireKnown(`priority of index template ${name}`, priority, "it is checked when the program runs");
  requireInteger(`priority of index template ${name}`, priority, 0, 1_000_000);
  const template = {
    ...(settings !== undefined && { settings: jsonObject("settings", name, settings) }),
    ...(mappings !== undefined && { mappings: fields(name, mappings) }),
  };
  return { name, body: { index_patterns: [...new Set(patterns)].sort(), priority, template } };
}

function requirePatterns(property: string, patterns: unknown): asserts patterns is string[] {
  if (!Array.isArray(patterns) || patterns.length === 0) {
    refuse({
      property,
      value: patterns,
      allowed: "a list of one pattern at least",
      remedy: 'name the indices, such as ["orders-*"]',
    });
  }
  for (const pattern of patterns as unknown[]) {
    requireKnown(property, pattern, "it is checked when the program runs");
    requireIndexPattern(property, pattern, "names of indices");
  }
}

/** Two slips that OpenSearch would only tell of in the deploy: the whole body of a template, and fields that are in no `properties`. */
function fields(name: string, text: unknown): object {
  const found = jsonObject("mappings", name, text);
  const isWhole = "mappings" in found;
  const bare = Object.entries(found).find(([key, value]) => !key.startsWith("_") && isField(value));
  if (!isWhole && bare === undefined) return found;
  refuse({
    property: `mappings of index template ${name}`,
    value: text,
    allowed: "what stands below mappings in OpenSearch, with the fields in properties",
    remedy: isWhole ? "give the value of mappings alone" : `write {"properties": {"${bare![0]}": …}}`,
  });
}

function isField(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

function jsonObject(kind: "mappings" | "settings", name: string, text: unknown): object {
  const property = `${kind} of index template ${name}`;
  requireKnown(property, text, "it is checked when the program runs");
  const found = typeof text === "string" && text.length <= LONGEST_JSON ? parse(text) : undefined;
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return found;
  refuse({
    property,
    value: text,
    allowed: `the text of a JSON object, of at most ${LONGEST_JSON} characters`,
    remedy: `give for example ${EXAMPLES[kind]}`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
