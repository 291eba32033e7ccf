/**
 * Words that are names in quotes alone: what `pg_get_keywords()` has as reserved (R, T), of PostgreSQL 14 to 18 together.
 * Each was tried as a schema in what the JDBC sink and lookups write, as were all other keywords (PostgreSQL 15): these fail.
 *
 * @see https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with
  `
    .trim()
    .split(/\s+/),
);

/** Whether PostgreSQL takes it for a name without quotes for nothing else than itself; capitals count for nothing. */
export function isReservedWord(word: string): boolean {
  return RESERVED_WORDS.has(word.toLowerCase());
}
