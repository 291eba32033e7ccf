/** Of the outline of a statement. */
const ALTER_TABLE = /^ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?[^\s,;]+(?:\s*\*)?\s+([^;]+);?$/i;
/** Those that change nothing where they have run. */
const REPEATABLE =
  /^(?:ADD\s+(?:COLUMN\s+)?IF\s+NOT\s+EXISTS\s|ALTER\s+(?:COLUMN\s+)?\S+\s+(?:SET\s+DEFAULT\b|DROP\s+DEFAULT$|(?:SET|DROP)\s+NOT\s+NULL$))/i;
const CONSTRAINT = /^ADD\s+(?:CONSTRAINT|UNIQUE|PRIMARY|FOREIGN|CHECK|EXCLUDE)\b/i;

export const BY_HAND = "do it by hand, logged in as the administrator";

/** The forms of `ALTER TABLE` that are taken, for people. */
export const TABLE_CHANGES =
  "ADD COLUMN IF NOT EXISTS, ALTER COLUMN … SET DEFAULT, DROP DEFAULT, SET NOT NULL and DROP NOT NULL";

/** What to write in place of the first change of `ALTER TABLE` that cannot run again; undefined where all of them can. */
export function remedyOfTableChange(outline: string): string | undefined {
  const changes = ALTER_TABLE.exec(outline)?.[1].split(",") ?? [""];
  const once = changes.map((change) => change.trim()).find((change) => !REPEATABLE.test(change));
  if (once === undefined) return undefined;
  if (CONSTRAINT.test(once)) return "write the constraint into CREATE TABLE IF NOT EXISTS, or add it by hand";
  if (/^ADD\s/i.test(once)) return "write ADD COLUMN IF NOT EXISTS";
  return BY_HAND;
}
