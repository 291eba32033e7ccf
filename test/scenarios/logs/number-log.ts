import { cpSync, mkdtempSync, rmSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { run } from "../../lab/command";
import type { Machine } from "../../lab/machine";
import { releaseSoftware, unpackPart } from "../release-software";

const SOURCE = path.join(__dirname, "NumberLog.java");
/** Where the SQL client finds it on its machine. */
const JAR = "/opt/number-log.jar";

/** A job that ends by itself, after it has written its numbers to the log. */
export interface NumberLogJob {
  readonly numbers: number;
  readonly numbersPerSecond: number;
}

/** Of so many numbers one comes with a stack trace. */
export const NUMBERS_PER_TRACE = 100;

/** Builds the function against a release of Flink, and lays it where the SQL client of a machine hands it over with a job. */
export async function installNumberLog(machine: Machine, flinkVersion: string): Promise<void> {
  await run(["javac", "-version"]).catch(() => {
    throw new Error("javac was not found: install a Java development kit 17 or newer, such as default-jdk-headless");
  });
  const folder = mkdtempSync(path.join(tmpdir(), "number-log-"));
  try {
    const [flink, classes, jar] = ["flink", "classes", "number-log.jar"].map((name) => path.join(folder, name));
    await unpackPart(releaseSoftware(flinkVersion).flink, flink);
    await run(["javac", "--release", "17", "-cp", path.join(flink, "lib", "*"), "-d", classes, SOURCE]);
    await run(["jar", "--create", "--file", jar, "-C", classes, "."]);
    cpSync(jar, path.join(machine.root, JAR));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The SQL script that submits the job. */
export function numberLogSql({ numbers, numbersPerSecond }: NumberLogJob): string {
  return [
    "SET 'pipeline.name' = 'number-log';",
    "SET 'parallelism.default' = '1';",
    // A source of this kind has a thread of its own, and Flink tells only its tasks' threads of which job they are.
    "SET 'pipeline.operator-chaining.enabled' = 'false';",
    `CREATE TEMPORARY FUNCTION log_number AS 'NumberLog' LANGUAGE JAVA USING JAR '${JAR}';`,
    `CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='${numbersPerSecond}',`,
    `  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${numbers}');`,
    "CREATE TABLE nowhere (n BIGINT) WITH ('connector'='blackhole');",
    "INSERT INTO nowhere SELECT log_number(n) FROM numbers;",
    "",
  ].join("\n");
}
