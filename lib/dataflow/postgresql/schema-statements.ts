import { requireKnown } from "../../core/terraform/text";
import { refuse, requireText } from "../../core/validation";

/** What makes tables and what is on them, in forms that PostgreSQL can run again where they are there already. */
const STATEMENT =
  /^\s*(?:CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS|CREATE\s+(?:UNIQUE\s+)?INDEX\s+IF\s+NOT\s+EXISTS|CREATE\s+OR\s+REPLACE\s+VIEW|ALTER\s+TABLE|COMMENT\s+ON)\s/i;
/** What Lambda takes as the input of a function is 6 MB, beside which there must be room. */
const LONGEST_STATEMENT = 65_536;

/** Refuses all but a list of such statements; that each of them is one and no more, PostgreSQL itself sees to. */
export function requireStatements(property: string, statements: unknown): asserts statements is readonly string[] {
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
  for (const statement of statements as unknown[]) {
    requireKnown(property, statement, "what makes tables is looked at when the program runs");
    requireText(
      property,
      statement,
      STATEMENT,
      "statements that begin with CREATE TABLE IF NOT EXISTS, CREATE INDEX IF NOT EXISTS, CREATE OR REPLACE VIEW, ALTER TABLE or COMMENT ON, as each deploy with a change runs all of them again",
    );
    if ((statement as string).length <= LONGEST_STATEMENT) continue;
    refuse({
      property,
      value: statement,
      allowed: `of at most ${LONGEST_STATEMENT} characters each`,
      remedy: "divide it into several",
    });
  }
}
