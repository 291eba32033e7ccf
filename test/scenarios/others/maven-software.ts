import { createHash } from "crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "fs";
import { join } from "path";
import { run } from "../../lab/command";
import { lockFile } from "../../lab/file-lock";
import { labCacheDirectory } from "../../lab/paths";

/** What a server of the lab is made of. */
export interface MavenRecipe {
  /** Of the server: names its folder in the cache. */
  readonly name: string;
  /** Path of the POM whose dependencies are the server's jars. */
  readonly pom: string;
  /** Paths of Java programs of the tests, which need those jars. */
  readonly programs: readonly string[];
  /** Done with the folder of what the POM names, once it is there. Change `revision` with it. */
  readonly arrange?: (lib: string) => Promise<void>;
  readonly revision?: number;
}

/** Jars of a server, and the tests' own programs for it. */
export interface MavenSoftware {
  /** Folder of the jars. */
  readonly lib: string;
  /** Folder of the programs' classes. */
  readonly program: string;
}

const DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const TIMEOUT_SECONDS = 600;

/**
 * Gives a server of Maven's registries, by this machine's own client; fetched where it is not there yet. Two processes
 * may ask at once: one fetches and the other waits.
 */
export async function ensureFromMaven(recipe: MavenRecipe): Promise<MavenSoftware> {
  const folder = join(labCacheDirectory(), recipe.name);
  mkdirSync(folder, { recursive: true });
  const tree = join(folder, keyOf(recipe));
  if (!existsSync(tree)) {
    const fetching = await lockFile(join(folder, "fetch.lock"), "exclusive", TIMEOUT_SECONDS);
    if (!fetching) throw new Error(`another process has been filling ${folder} for too long`);
    try {
      if (!existsSync(tree)) await fetch(recipe, tree);
    } finally {
      await fetching.release();
    }
  }
  return layout(tree);
}

function keyOf({ pom, programs, revision = 0 }: MavenRecipe): string {
  const hash = createHash("sha256").update(String(revision));
  for (const file of [pom, ...programs]) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function layout(tree: string): MavenSoftware {
  return { lib: join(tree, "lib"), program: join(tree, "program") };
}

async function fetch({ name, pom, programs, arrange }: MavenRecipe, tree: string): Promise<void> {
  const part = `${tree}.part`;
  const { lib, program } = layout(part);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(program, { recursive: true });
  await run(["mvn", "-v"]).catch(() => {
    throw new Error(`mvn was not found: install Apache Maven, with which the lab fetches ${name}`);
  });
  await run(
    [
      ...["mvn", "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", `--file=${pom}`],
      ...[`${DEPENDENCY_PLUGIN}:copy-dependencies`, "-DincludeScope=runtime", `-DoutputDirectory=${lib}`],
    ],
    { timeout: TIMEOUT_SECONDS * 1000 },
  );
  await arrange?.(lib);
  await run(["javac", "-version"]).catch(() => {
    throw new Error("javac was not found: install a Java development kit 17 or newer, such as default-jdk-headless");
  });
  await run(["javac", "--release", "17", "-cp", join(lib, "*"), "-d", program, ...programs]);
  renameSync(part, tree);
}
