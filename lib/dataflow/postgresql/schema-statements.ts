import { requireKnown } from "../../core/terraform/text";
import { refuse, requireText } from "../../core/validation";
import { statementOutline } from "./statement-outline";
import { BY_HAND, remedyOfTableChange, TABLE_CHANGES } from "./table-change";

/** What makes tables and what is on them, in forms that PostgreSQL can run again where they are there already. */
const STATEMENT =
  /^\s*(?:CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS|CREATE\s+(?:UNIQUE\s+)?INDEX\s+IF\s+NOT\s+EXISTS|CREATE\s+OR\s+REPLACE\s+VIEW|ALTER\s+TABLE|COMMENT\s+ON)\s/i;
const ALTER = /^ALTER\s/i;
/** What people write first, and what to write for it. */
const REMEDIES: readonly (readonly [RegExp, (...words: string[]) => string])[] = [
  [/^\s*(?:--|\/\*)/, () => "take the comment at its beginning out"],
  [/^\s*CREATE\s+TABLE\s+([\w."$]+)/i, (table) => `write CREATE TABLE IF NOT EXISTS ${table}`],
  [/^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+ON\s/i, (unique = "") => `write CREATE ${unique}INDEX IF NOT EXISTS and a name`],
  [
    /^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\s)([\w."$]+)/i,
    (unique = "", index) => `write CREATE ${unique}INDEX IF NOT EXISTS ${index}`,
  ],
  [/^\s*CREATE\s+VIEW\s+([\w."$]+)/i, (view) => `write CREATE OR REPLACE VIEW ${view}`],
];
/** What Lambda takes as the input of a function is 6 MB, beside which there must be room. */
const LONGEST_STATEMENT = 65_536;

/** Refuses all but a list of such statements, one each. */
export function requireStatements(schema: string, statements: unknown): asserts statements is readonly string[] {
  const property = `statements of schema ${schema}`;
  requireKnown(property, statements, "what makes tables is looked at when the program runs");
  if (!Array.isArray(statements) || statements.length === 0) {
    refuse({
      property,
      value: statements,
      allowed: "a list of at least one statement",
      remedy:
        'leave it out, or write for example ["CREATE TABLE IF NOT EXISTS revenue (country text PRIMARY KEY, revenue numeric)"]',
    });
  }
  (statements as unknown[]).forEach((statement, index) =>
    requireStatement(`statement ${index + 1} of schema ${schema}`, statement),
  );
}

function requireStatement(property: string, statement: unknown): void {
  requireKnown(property, statement, "what makes tables is looked at when the program runs");
  requireText(property, statement, /\S/, "a statement of SQL");
  const value = statement as string;
  const refuseAs = (allowed: string, remedy: string): never => refuse({ property, value, allowed, remedy });
  if (value.length > LONGEST_STATEMENT) {
    refuseAs(`of at most ${LONGEST_STATEMENT} characters`, "divide it into several");
  }
  if (!STATEMENT.test(value)) {
    refuseAs(
      "a statement that begins with CREATE TABLE IF NOT EXISTS, CREATE INDEX IF NOT EXISTS, CREATE OR REPLACE VIEW, ALTER TABLE or COMMENT ON, as each deploy with a change runs it again",
      remedyOf(value),
    );
  }
  const outline = statementOutline(value);
  if (/;\s*\S/.test(outline)) refuseAs("one statement", "make each an entry of its own");
  const remedy = ALTER.test(outline) ? remedyOfTableChange(outline) : undefined;
  if (remedy === undefined) return;
  refuseAs(
    `what changes nothing where it has run, which of ALTER TABLE are ${TABLE_CHANGES}, as each deploy with a change runs it again`,
    remedy,
  );
}

function remedyOf(statement: string): string {
  for (const [beginning, remedy] of REMEDIES) {
    const words = beginning.exec(statement);
    if (words) return remedy(...words.slice(1));
  }
  return BY_HAND;
}
