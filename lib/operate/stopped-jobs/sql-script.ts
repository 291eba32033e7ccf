/** Comments, and what is quoted: no end of a statement is in them. */
const ASIDE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|`(?:[^`]|``)*`/g;
/** A query, also in parentheses, as `(SELECT 1) UNION ALL (SELECT 2)`. */
const QUERY = String.raw`[(\s]*(?:SELECT|WITH|VALUES|TABLE)\b`;
/** Statements that have Flink run a job. Procedures may have it. */
const BEGINS_JOB = new RegExp(
  [
    QUERY,
    String.raw`(?:INSERT|UPDATE|DELETE|EXECUTE|CALL)\b`,
    String.raw`ANALYZE\s+TABLE\b`,
    String.raw`COMPILE\s+AND\s+EXECUTE\b`,
    // With the job that keeps it fresh.
    String.raw`(?:CREATE|ALTER|CREATE\s+OR\s+(?:ALTER|REPLACE))\s+MATERIALIZED\s+TABLE\b`,
    String.raw`(?:CREATE\s+(?:OR\s+REPLACE\s+)?|REPLACE\s+)TABLE\b[\s\S]*\bAS${QUERY}`,
  ]
    .map((statement) => `^(?:${statement})`)
    .join("|"),
  "i",
);
/** What stands in a set is one job, or, where it is only explained or compiled, none. */
const OPENS_SET = /^(?:BEGIN\s+STATEMENT\s+SET\b|[\s\S]*\bSTATEMENT\s+SET\s+BEGIN\b)/i;
const RUNS_SET = /^(?:BEGIN|EXECUTE|COMPILE\s+AND\s+EXECUTE)\b/i;
/** How the lines of Flink name the path of a savepoint, and its own keys, as the id of a job. */
const SETS_CHOSEN = /\bSET\s+['`"]?\s*(?:execution\.(?:state-recovery|savepoint)\.path\b|\$internal\.)/i;

/** How many jobs a script of Flink SQL begins. Statements of one set make one. */
export function jobsOfScript(script: string): number {
  const statements = script
    .replace(ASIDE, (found) => (isQuoted(found) ? "x" : " "))
    .split(";")
    .map((statement) => statement.trim());
  let jobs = 0;
  let isInSet = false;
  for (const statement of statements) {
    if (isInSet) isInSet = !/^END$/i.test(statement);
    else if (OPENS_SET.test(statement)) [jobs, isInSet] = [jobs + (RUNS_SET.test(statement) ? 1 : 0), true];
    else if (BEGINS_JOB.test(statement)) jobs++;
  }
  return jobs;
}

/** Whether a script names the savepoint itself, or the id of its job. */
export function namesSavepoint(script: string): boolean {
  return SETS_CHOSEN.test(script.replace(ASIDE, (found) => (isQuoted(found) ? found : " ")));
}

function isQuoted(text: string): boolean {
  return /^['`]/.test(text);
}
