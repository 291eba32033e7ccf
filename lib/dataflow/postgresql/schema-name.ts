import { requireKnown } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import { isReservedWord } from "./reserved-words";

/** What needs no quotes, of which Flink writes none. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;
/** PostgreSQL keeps these for itself. */
const OWN = /^(?:pg_.*|information_schema)$/;

/** Refuses all but the name of a schema that a user made and that needs no quotes. */
export function requireSchemaName(property: string, name: unknown): asserts name is string {
  requireKnown(property, name, "it names what is granted in the plan");
  if (typeof name === "string" && isSchemaName(name)) return;
  refuse({
    property,
    value: name,
    allowed:
      "the name of a schema: 1 to 63 lower-case letters, digits and _, not beginning with a digit, none of PostgreSQL's own and no word that it reserves",
    remedy: remedyFor(property, name),
  });
}

function isSchemaName(name: string): boolean {
  return SCHEMA.test(name) && !OWN.test(name) && !isReservedWord(name);
}

function remedyFor(property: string, name: unknown): string {
  const folded = typeof name === "string" ? name.toLowerCase() : "";
  if (isSchemaName(folded)) {
    return `set ${property} to "${folded}", which is what PostgreSQL makes of it without quotes, and Flink writes none`;
  }
  if (OWN.test(folded)) return 'make a schema for what jobs read and write, for example "analytics"';
  if (isReservedWord(folded)) {
    return `give the schema another name, for example "${folded}_data", as this one needs quotes and Flink writes none`;
  }
  return `set ${property} to such a text`;
}
