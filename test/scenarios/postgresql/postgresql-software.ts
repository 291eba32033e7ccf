import { mkdirSync, readdirSync, rmSync } from "fs";
import { join } from "path";
import { run } from "../../lab/command";
import { ensureFromMaven, MavenSoftware } from "../others/maven-software";

export const POSTGRESQL_VERSION = "17.6";

/** Gives the programs of a PostgreSQL server, the driver, and the tests' own client, which needs nothing else. */
export function ensurePostgreSql(): Promise<MavenSoftware> {
  const [pom, program] = ["pom.xml", "PostgreSqlProgram.java"].map((file) => join(__dirname, file));
  return ensureFromMaven({ name: "postgresql", pom, programs: [program], arrange: unpackServer });
}

/** Folder of the server, with `bin`, `lib` and `share`, in the one of the jars. */
export function serverFolder({ lib }: Pick<MavenSoftware, "lib">): string {
  return join(lib, "server");
}

/** The jar of the server holds one archive, which Java cannot read. */
async function unpackServer(lib: string): Promise<void> {
  const jar = readdirSync(lib).find((file) => file.startsWith("embedded-postgres-binaries-"));
  if (jar === undefined) throw new Error(`the server of PostgreSQL is not in ${lib}`);
  const archive = "postgres-linux-x86_64.txz";
  await run(["jar", "--extract", "--file", join(lib, jar), archive], { cwd: lib });
  mkdirSync(serverFolder({ lib }));
  await run(["tar", "-xJf", join(lib, archive), "-C", serverFolder({ lib })], { timeout: 300_000 });
  for (const file of [jar, archive]) rmSync(join(lib, file));
}
