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
  [["flink", "run", "-py", python, "-s", "x"], "flink", ["run", "-d", "-py", python, "-s", "x"]],
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
  ["CREATE TABLE a WITH ('connector' = 'x') AS SELECT * FROM b; CREATE VIEW v AS SELECT * FROM a;", 1],
  ["SELECT 'it''s; INSERT';", 1],
])("of %j, so many statements begin jobs: %i", (script, count) => {
  expect(jobsOfScript(script)).toBe(count);
});

test.each([
  ["SET 'execution.savepoint.path' = 'x';", true],
  ["set execution.state-recovery.path = 'x';", true],
  ["SET 'execution.checkpointing.interval' = '1 s';", false],
])("%j names a savepoint: %s", (script, expected) => {
  expect(namesSavepoint(script)).toBe(expected);
});
