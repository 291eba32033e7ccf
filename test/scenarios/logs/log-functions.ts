import { cpSync, mkdtempSync, rmSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { run } from "../../lab/command";
import type { Machine } from "../../lab/machine";
import { releaseSoftware, unpackPart } from "../release-software";

const SOURCES = ["NumberLog.java", "SlowNumber.java"].map((name) => path.join(__dirname, name));
/** Where the SQL client finds them on its machine. */
export const LOG_FUNCTIONS_JAR = "/opt/log-functions.jar";

/** Builds the functions of jobs against a release of Flink, for the SQL client of a machine to hand them over with a job. */
export async function installLogFunctions(machine: Machine, flinkVersion: string): Promise<void> {
  await run(["javac", "-version"]).catch(() => {
    throw new Error("javac was not found: install a Java development kit 17 or newer, such as default-jdk-headless");
  });
  const folder = mkdtempSync(path.join(tmpdir(), "log-functions-"));
  try {
    const [flink, classes, jar] = ["flink", "classes", "functions.jar"].map((name) => path.join(folder, name));
    await unpackPart(releaseSoftware(flinkVersion).flink, flink);
    await run(["javac", "--release", "17", "-cp", path.join(flink, "lib", "*"), "-d", classes, ...SOURCES]);
    await run(["jar", "--create", "--file", jar, "-C", classes, "."]);
    cpSync(jar, path.join(machine.root, LOG_FUNCTIONS_JAR));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
