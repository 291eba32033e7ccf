import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { jobsOfScript, namesSavepoint } from "../../../lib/operate/stopped-jobs/sql-script";
import { programOf, submissionOf } from "../../../lib/operate/stopped-jobs/submission";

const folder = mkdtempSync(path.join(tmpdir(), "submission-"));
const at = (name: string, text = ""): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const jar = at("orders.jar");
const python = at("orders.py");
const one = at("one.sql", "INSERT INTO a SELECT 1;");
const two = at("two.sql", "INSERT INTO a SELECT 1; INSERT INTO b SELECT 2;");
const tables = at("tables.sql", "CREATE TABLE a (n INT);");
const sets = at("sets.sql", "SET 'execution.state-recovery.path' = 's3p://b/s';\nINSERT INTO a SELECT 1;");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (...submit: readonly string[]) => programOf({ id: "1", name: "orders", submit }, "jobs.json");

test.each([
  [["flink", "run", "-d", jar, "--option"], "flink", ["run", "-d", jar, "--option"]],
  [["flink", "run", jar, "-d", "-s", "x"], "flink", ["run", "-d", jar, "-d", "-s", "x"]],
  [["flink", "--", "run", "--detached", "-p", "2", jar], "flink", ["run", "--detached", "-p", "2", jar]],
  [["flink", "run", "-py", python, "in", "-s", "x"], "flink", ["run", "-d", "-py", python, "in", "-s", "x"]],
  [["flink", "run", "-pym", "orders", "-sae", "in"], "flink", ["run", "-d", "-pym", "orders", "-sae", "in"]],
  [["flink", "run", "-C", "file:///a.jar", "-n", jar], "flink", ["run", "-d", "-C", "file:///a.jar", "-n", jar]],
  [["flink", "run", "-d", "-Da=b", "-D", "c=d", jar], "flink", ["run", "-d", "-Da=b", "-D", "c=d", jar]],
  [["flink", "run", jar, "-Dexecution.savepoint.path=x"], "flink", ["run", "-d", jar, "-Dexecution.savepoint.path=x"]],
  [["flink", "run", "s3://bucket/orders.jar"], "flink", ["run", "-d", "s3://bucket/orders.jar"]],
  [["sql", "-f", one], "sql-client.sh", ["-f", one]],
  [
    ["sql", "--init", tables, "--file", one, "--", "-Da=b"],
    "sql-client.sh",
    ["--init", tables, "--file", one, "-Da=b"],
  ],
])("%j is a program of Flink's", (submit, name, args) => {
  expect(program(...submit)).toEqual({ name, args });
});

test.each([
  [[], "is empty"],
  [["bash", "orders.sh"], 'begins with "bash"'],
  [["flink", "list"], 'has no "run" after "flink"'],
  [["flink", "run", "-s", "x", jar], "names a savepoint by -s, which jobs resume adds"],
  [["flink", "run", "--fromSavepoint=x", jar], "names a savepoint by -s, which jobs resume adds"],
  ...[
    ["-sx"],
    ["-s:x"],
    ["-ns", "x"],
    ["-dsx"],
    ["--fromSavepoint", "x"],
    ["--fromS", "x"],
    ["-fromSavepoint", "x"],
    ["-p", "2", "-s", "x"],
    ["-C", "file:///a.jar", "-s", "x"],
    ["-py", python, "-s", "x"],
  ].map((options): [string[], string] => [
    ["flink", "run", ...options, jar],
    "names a savepoint by -s, which jobs resume adds",
  ]),
  ...[
    "execution.state-recovery.path",
    "execution.savepoint.path",
    "$internal.pipeline.job-id",
    "$internal.any-other",
  ].flatMap((key): [string[], string][] => [
    [["flink", "run", `-D${key}=x`, jar], `sets ${key} by -D, which is chosen by jobs resume`],
    [["flink", "run", "-D", `${key}=x`, jar], `sets ${key} by -D, which is chosen by jobs resume`],
    [["flink", "run", "-dD", `${key}=x`, jar], `sets ${key} by -D, which is chosen by jobs resume`],
    [["sql", "-f", one, `-D${key}=x`], `sets ${key} by -D, which is chosen by jobs resume`],
    [["sql", "-f", one, "--", "-D", `${key}=x`], `sets ${key} by -D, which is chosen by jobs resume`],
  ]),
  [["\u001b[2J"], 'begins with "[2J"'],
  [["flink", "run", "away.jar"], "names away.jar, which is not there"],
  [["sql", "-i", tables], "has no -f with a script"],
  [["sql", "-f"], "names , which is not there"],
  [["sql", "-f", two], `names ${two}, where 2 jobs begin, and one savepoint is of one job`],
  [["sql", "-f", tables], `names ${tables}, where 0 jobs begin, and one savepoint is of one job`],
  [["sql", "-f", sets], `names ${sets}, which sets a savepoint, as jobs resume does`],
])("%j is refused in one sentence", (submit, why) => {
  expect(() => program(...submit)).toThrow(
    `submit of the job "orders" in jobs.json ${why}: write how it is begun, such as ["flink", "run", "-d", "orders.jar"] or ["sql", "-f", "orders.sql"]`,
  );
});

test("what Flink's client is told beside the cluster's own are the savepoint, if there is one, and the id", () => {
  const found = program("sql", "-f", one);
  expect(submissionOf(found, "s3p://b/s", "abc")).toEqual({
    program: found,
    configuration: { "execution.state-recovery.path": "s3p://b/s", "$internal.pipeline.job-id": "abc" },
  });
  expect(submissionOf(found, undefined, "abc").configuration).toEqual({ "$internal.pipeline.job-id": "abc" });
});

test.each([
  ["CREATE TABLE a (n INT); SET 'x' = 'INSERT INTO a;'; -- INSERT INTO a;\n/* ; INSERT */", 0],
  ["insert into `a;b` select 1 ;\n;", 1],
  ["EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; INSERT INTO c SELECT 3;", 2],
  ["BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;", 1],
  ["COMPILE AND EXECUTE PLAN 'p' FOR STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;", 1],
  ["EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;", 0],
  ["COMPILE PLAN 'p' FOR STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;", 0],
  ["EXPLAIN INSERT INTO a SELECT 1; SHOW JOBS; DESCRIBE a;", 0],
  ["EXECUTE PLAN 'p';", 1],
  ["SELECT 'it''s; INSERT';", 1],
  ["(SELECT 1) UNION ALL (SELECT 2);", 1],
  ["( ( VALUES (1) ) );", 1],
  ["TABLE orders;", 1],
  ["WITH x AS (SELECT 1) SELECT * FROM x;", 1],
  ["UPDATE a SET n = 1; DELETE FROM a;", 2],
  ["TRUNCATE TABLE a; DROP TABLE a; CREATE VIEW v AS SELECT 1;", 0],
  ["CREATE TABLE a WITH ('connector' = 'x') AS SELECT * FROM b; CREATE VIEW v AS SELECT * FROM a;", 1],
  ["CREATE TABLE a AS (SELECT * FROM b);", 1],
  ["CREATE TABLE a AS(SELECT * FROM b);", 1],
  ["CREATE TABLE IF NOT EXISTS a AS WITH x AS (SELECT 1) SELECT * FROM x;", 1],
  ["CREATE OR REPLACE TABLE a AS VALUES (1);", 1],
  ["REPLACE TABLE a AS SELECT 1;", 1],
  ["CREATE TABLE a (n INT, twice AS (n + n), `as select` INT) WITH ('x' = 'AS SELECT');", 0],
  ["ANALYZE TABLE t COMPUTE STATISTICS;", 1],
  ["CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '30' SECOND AS SELECT 1;", 1],
  ["CREATE OR ALTER MATERIALIZED TABLE m AS SELECT 1; ALTER MATERIALIZED TABLE m RESUME;", 2],
  ["DROP MATERIALIZED TABLE m;", 0],
  ["CALL sys.compact('x');", 1],
])("of %j, so many statements begin jobs: %i", (script, count) => {
  expect(jobsOfScript(script)).toBe(count);
});

test.each([
  ["SET 'execution.savepoint.path' = 'x';", true],
  ["set execution.state-recovery.path = 'x';", true],
  ["SET /* the old one */ 'execution.savepoint.path' = 'x';", true],
  ["SET '$internal.pipeline.job-id' = 'x';", true],
  ["-- SET 'execution.savepoint.path' = 'x';", false],
  ["SET 'execution.checkpointing.interval' = '1 s';", false],
])("%j names a savepoint: %s", (script, expected) => {
  expect(namesSavepoint(script)).toBe(expected);
});
