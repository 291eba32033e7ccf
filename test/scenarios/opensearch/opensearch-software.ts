import { readdirSync, renameSync, rmSync } from "fs";
import { join } from "path";
import { run } from "../../lab/command";
import { ensureFromMaven, MavenSoftware } from "../others/maven-software";

export const OPENSEARCH_VERSION = "2.19.3";

/** Gives the jars of an OpenSearch server with its security plugin, and the tests' own programs that start and ask it. */
export function ensureOpenSearch(): Promise<MavenSoftware> {
  const of = (file: string) => join(__dirname, file);
  const programs = ["SearchServer.java", "OpenSearchProgram.java"].map(of);
  return ensureFromMaven({ name: "opensearch", pom: of("pom.xml"), programs, arrange: addPlugin });
}

/** Puts the plugin's jars beside the server's, but for those that are there in another version. */
async function addPlugin(lib: string): Promise<void> {
  const archive = readdirSync(lib).find((file) => file.startsWith("opensearch-security-") && file.endsWith(".zip"));
  if (archive === undefined) throw new Error(`the security plugin is not in ${lib}`);
  const plugin = `${lib}.plugin`;
  rmSync(plugin, { recursive: true, force: true });
  await run(["mkdir", plugin]);
  // A zip is what the Java development kit's own tool reads as well.
  await run(["jar", "--extract", "--file", join(lib, archive)], { cwd: plugin });
  const there = new Set(jarsOf(lib).map(artifactOf));
  for (const jar of jarsOf(plugin)) {
    if (!there.has(artifactOf(jar))) renameSync(join(plugin, jar), join(lib, jar));
  }
  rmSync(join(lib, archive));
  rmSync(plugin, { recursive: true });
}

function jarsOf(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith(".jar"));
}

/** Name of a jar without its version. */
export function artifactOf(jar: string): string {
  return jar.replace(/-\d[\w.+-]*\.jar$/, "");
}
