import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unpackTarGz, unpackZip } from "../../lib/software/part-archive";
import { run } from "../support/process";

const root = resolve(__dirname, "../..");
const ARCHIVE = join(root, "build/connectors/flink-connector-opensearch.tar.gz");
/** Maven may have to fetch all that it needs. */
const TIMEOUT = 900_000;

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const JAR = `flink-connector-opensearch-${version}.jar`;

let folder: string;
let jar: string;
const inArchive: string[] = [];
const inJar: string[] = [];

beforeAll(async () => {
  if (!existsSync(ARCHIVE)) throw new Error("There is no build/connectors: run `make build` first.");
  folder = mkdtempSync(join(tmpdir(), "opensearch-connector-"));
  jar = join(folder, "shipped.jar");
  await unpackTarGz(ARCHIVE, folder, (path) => {
    inArchive.push(path);
    return "shipped.jar";
  });
  await unpackZip(jar, join(folder, "jar"), (path) => {
    inJar.push(path);
    return path.startsWith("META-INF/") ? path : undefined;
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the archive is one jar below one folder", () => {
  expect(inArchive).toEqual([`flink-connector-opensearch-${version}/lib/${JAR}`]);
});

test("all classes in the jar have names of our own, so that they meet no others in Flink", () => {
  const strangers = inJar.filter(
    (path) => path.endsWith(".class") && !path.startsWith("io/github/cdktf_flink/opensearch/"),
  );
  expect(strangers).toEqual([]);
});

test("Flink finds the connector in it", () => {
  const services = inJar.filter((path) => path.startsWith("META-INF/services/org.apache.flink."));
  expect(services).toEqual(["META-INF/services/org.apache.flink.table.factories.Factory"]);
  const [factory] = readFileSync(join(folder, "jar", services[0]), "utf8")
    .trim()
    .split("\n");
  expect(inJar).toContain(`${factory.replaceAll(".", "/")}.class`);
});

test("the licence and the notices of what is in it go with it, and into the package's list", () => {
  expect(readFileSync(join(folder, "jar/META-INF/LICENSE"), "utf8")).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  const listed = readFileSync(join(root, "build/THIRD-PARTY-LICENSES"), "utf8");
  expect(listed).toContain("software.amazon.awssdk:http-auth-aws ");
  for (const file of ["LICENSE.txt", "NOTICE.txt", "FastDoubleParser-NOTICE"]) {
    expect(listed).toContain(readFileSync(join(folder, "jar/META-INF", file), "utf8").trim());
  }
});

test(
  "its own tests pass on a jar that is built anew, and which has the same bytes",
  async () => {
    const work = join(folder, "anew");
    mkdirSync(work);
    await run(["node", "scripts/test-connectors.mjs", work], { cwd: root, timeoutSeconds: TIMEOUT / 1000 });
    const built = readFileSync(join(work, "connectors/opensearch/target", JAR));
    expect(built.equals(readFileSync(jar))).toBe(true);
  },
  TIMEOUT,
);
