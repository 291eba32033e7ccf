import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { filesBelow } from "./files.mjs";
import { requireJava } from "./java.mjs";
import { root } from "./root.mjs";

const require = createRequire(import.meta.url);
// The library's own sources, which need not be built for this.
require("ts-node/register/transpile-only");
const { cacheDirectory } = require("../../lib/software/cache.ts");
const { packPart, unpackZip } = require("../../lib/software/part-archive.ts");

const NAME = "flink-connector-opensearch";
const SOURCES = "connectors/opensearch";
/** What the archive holds apart from the jar, when how it is packed changes. */
const PACKING = "1";

/**
 * Builds the connectors of our own into build/connectors, each as an archive for nodes. What was built of the same
 * sources before is in the cache: without a change, neither Java nor Maven is needed. Returns the licences of what is
 * inside them, one text each.
 */
export async function buildConnectors() {
  const folder = path.join(cacheDirectory(), "connectors");
  const built = path.join(folder, keyOfSources());
  if (!existsSync(built)) await buildInto(built, folder);
  const target = path.join(root, "build/connectors");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  copyFileSync(path.join(built, archiveName()), path.join(target, archiveName()));
  return licencesIn(path.join(built, "META-INF"));
}

/** Runs Maven on a copy of the sources in a folder that need not exist; returns the jar. */
export function runMaven(folder, ...goals) {
  requireJava("the connector to OpenSearch");
  const copy = path.join(folder, SOURCES);
  cpSync(path.join(root, SOURCES), copy, { recursive: true, filter: (file) => !isOfMaven(file) });
  copyFileSync(path.join(root, "LICENSE"), path.join(folder, "LICENSE"));
  const options = ["--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", `-Drevision=${version()}`];
  // A short run is not worth more of Java's compiler.
  const env = { ...process.env, MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ""} -XX:TieredStopAtLevel=1`.trim() };
  const { status } = spawnSync("mvn", [...options, ...goals], { cwd: copy, stdio: "inherit", env });
  if (status !== 0) throw new Error(`\`mvn ${goals.join(" ")}\` failed in ${SOURCES}: its messages stand above`);
  return path.join(copy, "target", jarName());
}

async function buildInto(built, folder) {
  mkdirSync(folder, { recursive: true });
  // Two builds at once: each has a folder of its own, and the last one to end keeps what the first one made.
  const work = mkdtempSync(path.join(folder, "building-"));
  try {
    const jar = runMaven(work, "package", "-Dmaven.test.skip=true");
    const tree = path.join(work, "tree/lib");
    const done = path.join(work, "done");
    mkdirSync(tree, { recursive: true });
    mkdirSync(done);
    copyFileSync(jar, path.join(tree, jarName()));
    await packPart(path.join(work, "tree"), `${NAME}-${version()}`, path.join(done, archiveName()));
    await unpackZip(jar, done, (entry) => (isLegal(entry) ? entry : undefined));
    if (!existsSync(built)) renameSync(done, built);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function version() {
  return JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version;
}

function jarName() {
  return `${NAME}-${version()}.jar`;
}

function archiveName() {
  return `${NAME}.tar.gz`;
}

function isOfMaven(file) {
  return path.relative(path.join(root, SOURCES), file).split(path.sep)[0] === "target";
}

function keyOfSources() {
  const hash = createHash("sha256").update(PACKING).update(version());
  const sources = filesBelow(path.join(root, SOURCES)).filter((file) => !isOfMaven(file) && !isTest(file));
  for (const file of [...sources, path.join(root, "LICENSE")]) {
    const content = readFileSync(file);
    hash.update(`\0${path.relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

function isTest(file) {
  return path.relative(path.join(root, SOURCES), file).startsWith(path.join("src", "test"));
}

/** What names the libraries inside a jar, and their terms. */
function isLegal(entry) {
  return /^META-INF\/(maven\/.*\/pom\.properties|[^/]*(LICEN[CS]E|NOTICE)[^/]*)$/i.test(entry);
}

function licencesIn(folder) {
  const read = (file) => readFileSync(file, "utf8").trim();
  const files = filesBelow(folder);
  const libraries = files
    .filter((file) => file.endsWith("pom.properties"))
    .map((file) => {
      const { groupId, artifactId, version } = Object.fromEntries(
        read(file)
          .split(/\r?\n/)
          .filter((line) => line.includes("=") && !line.startsWith("#"))
          .map((line) => line.split("=").map((part) => part.trim())),
      );
      return `${groupId}:${artifactId} ${version}`;
    });
  // `LICENSE` is that of the connector itself.
  const terms = files.filter((file) => !/(^|\/)(pom\.properties|LICENSE)$/.test(file)).map(read);
  return [`In ${NAME}:\n${libraries.join("\n")}\n\n${terms.join("\n\n")}\n`];
}
