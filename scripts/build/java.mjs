import { spawnSync } from "node:child_process";

const JAVA_AT_LEAST = 17;

/** Debian's names of what is not here of what builds programs in Java; empty where all is. */
export function missingForJava() {
  const { status, stdout } = spawnSync("javac", ["-version"], { encoding: "utf8" });
  const major = status === 0 ? Number(/^javac (\d+)/.exec(stdout)?.[1]) : 0;
  const hasMaven = spawnSync("mvn", ["-version"]).status === 0;
  return [...(major >= JAVA_AT_LEAST ? [] : ["default-jdk-headless"]), ...(hasMaven ? [] : ["maven"])];
}

/** Refuses to go on without them, in one sentence. */
export function requireJava(purpose) {
  const missing = missingForJava();
  if (missing.length === 0) return;
  throw new Error(
    `${purpose} needs Apache Maven and a Java development kit ${JAVA_AT_LEAST} or newer: install ${missing.join(" and ")}`,
  );
}
