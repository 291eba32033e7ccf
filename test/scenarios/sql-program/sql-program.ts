import * as fs from "fs";
import * as path from "path";
import { run } from "../../lab/command";

const SOURCE = path.join(__dirname, "SqlProgram.java");

/**
 * A program for `flink run` that takes the place of Flink's SQL client where a distribution has no SQL gateway,
 * without which that client does not start. Built with this machine's own Java compiler against the
 * distribution's jars.
 */
export async function buildSqlProgram(flinkHome: string, jar: string): Promise<void> {
  await run(["javac", "-version"]).catch(() => {
    throw new Error("javac was not found: install a Java development kit 17 or newer, such as default-jdk-headless");
  });
  const classes = `${jar}.classes`;
  fs.mkdirSync(classes);
  await run(["javac", "--release", "17", "-cp", path.join(flinkHome, "lib", "*"), "-d", classes, SOURCE]);
  await run(["jar", "--create", "--file", jar, "--main-class", "SqlProgram", "-C", classes, "."]);
}
