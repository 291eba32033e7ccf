import { createHash } from "crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "fs";
import { join } from "path";
import { run } from "../../lab/command";
import { lockFile } from "../../lab/file-lock";
import { labCacheDirectory } from "../../lab/paths";

/** Jars of a Kafka broker, and the tests' own client of it. */
export interface KafkaSoftware {
  /** Folder of the broker's jars. */
  readonly lib: string;
  /** Folder of the classes of `KafkaProgram`, which need the jars of any Kafka client. */
  readonly program: string;
}

const POM = join(__dirname, "pom.xml");
const PROGRAM = join(__dirname, "KafkaProgram.java");
const DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const TIMEOUT_SECONDS = 600;

/**
 * Gives a Kafka broker of Maven's registries, by this machine's own client; fetched where it is not there yet. Two
 * processes may ask at once: one fetches and the other waits.
 */
export async function ensureKafka(): Promise<KafkaSoftware> {
  const folder = join(labCacheDirectory(), "kafka");
  mkdirSync(folder, { recursive: true });
  const key = createHash("sha256").update(readFileSync(POM)).update(readFileSync(PROGRAM)).digest("hex").slice(0, 16);
  const tree = join(folder, key);
  if (!existsSync(tree)) {
    const fetching = await lockFile(join(folder, "fetch.lock"), "exclusive", TIMEOUT_SECONDS);
    if (!fetching) throw new Error(`another process has been fetching Kafka into ${folder} for too long`);
    try {
      if (!existsSync(tree)) await fetch(tree);
    } finally {
      await fetching.release();
    }
  }
  return layout(tree);
}

function layout(tree: string): KafkaSoftware {
  return { lib: join(tree, "lib"), program: join(tree, "program") };
}

async function fetch(tree: string): Promise<void> {
  const part = `${tree}.part`;
  const { lib, program } = layout(part);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(program, { recursive: true });
  await run(["mvn", "-v"]).catch(() => {
    throw new Error("mvn was not found: install Apache Maven, with which the lab fetches a Kafka broker");
  });
  await run(
    [
      ...["mvn", "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", `--file=${POM}`],
      ...[`${DEPENDENCY_PLUGIN}:copy-dependencies`, "-DincludeScope=runtime", `-DoutputDirectory=${lib}`],
    ],
    { timeout: TIMEOUT_SECONDS * 1000 },
  );
  await run(["javac", "-version"]).catch(() => {
    throw new Error("javac was not found: install a Java development kit 17 or newer, such as default-jdk-headless");
  });
  await run(["javac", "--release", "17", "-cp", join(lib, "*"), "-d", program, PROGRAM]);
  renameSync(part, tree);
}
