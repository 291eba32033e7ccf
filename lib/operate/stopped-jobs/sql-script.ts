/** Comments, and what is quoted: no end of a statement is in them. */
const ASIDE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|`(?:[^`]|``)*`/g;
const BEGINS_JOB =
  /^(?:INSERT|UPDATE|DELETE|SELECT|WITH|VALUES|EXECUTE|COMPILE\s+AND\s+EXECUTE|(?:CREATE\s+(?:OR\s+REPLACE\s+)?|REPLACE\s+)TABLE\b[\s\S]*\bAS\s+SELECT)\b/i;
const BEGINS_SET = /^(?:EXECUTE|BEGIN)\s+STATEMENT\s+SET\b/i;
/** How the two lines of Flink and their elders name the path of a savepoint. */
const SETS_SAVEPOINT = /\bSET\s+'?execution\.(?:state-recovery|savepoint)\.path\b/i;

/** How many jobs a script of Flink SQL begins. Statements of one set make one. */
export function jobsOfScript(script: string): number {
  const statements = script
    .replace(ASIDE, (found) => (/^['`]/.test(found) ? "x" : " "))
    .split(";")
    .map((statement) => statement.trim());
  let jobs = 0;
  let isInSet = false;
  for (const statement of statements) {
    if (isInSet) isInSet = !/^END$/i.test(statement);
    else if (BEGINS_SET.test(statement)) [jobs, isInSet] = [jobs + 1, true];
    else if (BEGINS_JOB.test(statement)) jobs++;
  }
  return jobs;
}

/** Whether a script names the savepoint itself. */
export function namesSavepoint(script: string): boolean {
  return SETS_SAVEPOINT.test(script);
}
