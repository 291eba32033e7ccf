import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packPart } from "../part-archive";
import type { TaskProgress } from "../progress";
import type { Source, TablePart } from "../software-table";
import { MAVEN, runClient } from "./client";

type MavenTree = Extract<Source, { kind: "maven-tree" }>;

const DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
/** A file whose checksum is wrong or missing is refused; Maven itself would only warn. */
const OPTIONS = ["--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never"];

/**
 * One jar without what it needs, laid down under its own name. Maven runs in another folder: for a user without an account
 * Java calls the home folder `?`, and Maven makes its repository in a folder of that name where it runs.
 */
export async function copyJar(artifact: string, target: string, folder: string): Promise<void> {
  await runClient(
    MAVEN,
    [...OPTIONS, `${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${target}`],
    folder,
  );
}

/** A jar with what it needs, packed as a part; the path of the archive in `folder`. */
export async function packTree(
  part: TablePart,
  source: MavenTree,
  folder: string,
  progress: TaskProgress,
): Promise<string> {
  progress.note(`fetching ${source.artifacts[0]} and what it needs`);
  const tree = join(folder, "tree");
  await writeFile(join(folder, "pom.xml"), pom(source));
  await runClient(
    MAVEN,
    [
      ...OPTIONS,
      `${DEPENDENCY_PLUGIN}:copy-dependencies`,
      "-DincludeScope=runtime",
      `-DoutputDirectory=${join(tree, "lib")}`,
    ],
    folder,
  );
  for (const jar of await readdir(join(tree, "lib"))) {
    if (/-(osx|windows)-/.test(jar)) await rm(join(tree, "lib", jar));
  }
  progress.note("packing");
  const archive = join(folder, part.fileName);
  await packPart(tree, `${part.name}-${part.version}`, archive);
  return archive;
}

/** The project file by which Maven finds out what the jars need. */
export function pom({ parent, artifacts, without = [] }: Omit<MavenTree, "kind">): string {
  const exclusions = without.map(exclusionOf);
  const dependencies = artifacts.map((artifact) => {
    const [groupId, artifactId, own, classifier] = artifact.split(":");
    const fixed = own ? `<version>${own}</version>` : "";
    // A jar of a classifier such as `all` holds what it needs.
    const [which, excluded] = classifier
      ? [`<classifier>${classifier}</classifier>`, [exclusionOf("*")]]
      : ["", exclusions];
    const left = excluded.length > 0 ? `<exclusions>${excluded.join("")}</exclusions>` : "";
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId>${fixed}${which}${left}</dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>${parent ? `\n  ${parentOf(parent)}` : ""}
  <groupId>cdktf-flink</groupId>
  <artifactId>runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>${dependencies.join("")}</dependencies>
</project>
`;
}

function exclusionOf(group: string): string {
  return `<exclusion><groupId>${group}</groupId><artifactId>*</artifactId></exclusion>`;
}

function parentOf(parent: string): string {
  const [group, name, version] = parent.split(":");
  return `<parent><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version><relativePath/></parent>`;
}
