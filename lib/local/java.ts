import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { Problem } from "../software/problem";

/** The feature release that nodes have. */
const WANTED = "17";

/** The folder of a Java 17 of this machine: that of `JAVA_HOME`, or of the `java` that a shell finds. */
export async function javaOfMachine(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { JAVA_HOME, PATH = "" } = environment;
  const onPath = PATH.split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "java"));
  const programs = [...(JAVA_HOME ? [join(JAVA_HOME, "bin", "java")] : []), ...onPath].filter((each) =>
    existsSync(each),
  );
  const found: string[] = [];
  for (const program of programs) {
    const java = await propertiesOf(program);
    if (java?.feature === WANTED) return java.home;
    found.push(java ? `${program} is Java ${java.feature}` : `${program} does not run`);
  }
  throw new Problem(
    `Flink needs Java ${WANTED}, as nodes have it, and ${found.length > 0 ? found.join(" and ") : "there is none here"}: ` +
      `install Java ${WANTED} and set JAVA_HOME to its folder`,
  );
}

/** The folder of a Java that was unpacked, where it runs on this machine: one of glibc does not run beside musl. */
export async function javaThatRuns(folder: string): Promise<string | undefined> {
  return (await propertiesOf(join(folder, "bin", "java")))?.feature === WANTED ? folder : undefined;
}

interface JavaProperties {
  readonly feature: string;
  readonly home: string;
}

async function propertiesOf(program: string): Promise<JavaProperties | undefined> {
  try {
    const { stderr } = await promisify(execFile)(program, ["-XshowSettings:properties", "-version"], {
      timeout: 60_000,
    });
    const feature = /^\s*java\.specification\.version = (\S+)$/m.exec(stderr)?.[1];
    const home = /^\s*java\.home = (.+)$/m.exec(stderr)?.[1];
    return feature !== undefined && home !== undefined ? { feature, home } : undefined;
  } catch {
    return undefined;
  }
}
