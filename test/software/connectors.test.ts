import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectorName } from "../../lib/core/connector-name";
import { connectorLines, connectorNamed, connectorPart, connectorVersion } from "../../lib/software/connectors";
import { fetchSoftware } from "../../lib/software/fetch";
import { parseLockFile, printLockFile, readLockFile, withRelease, type LockFile } from "../../lib/software/lock-file";
import { pom } from "../../lib/software/origins/maven";
import { PartStore } from "../../lib/software/part-store";
import { resolveSoftware } from "../../lib/software/resolve";
import { flinkLines, ORIGINS } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const CONNECTOR = "flink-connector-kafka";
const folder = temporaryFolder();
let lockFile: string;
let origin: WrittenOrigin;
let number = 0;

beforeEach(() => {
  lockFile = join(folder, `${++number}.json`);
  origin = new WrittenOrigin();
});

interface Fetch {
  readonly flink?: readonly string[];
  readonly connectors?: readonly ConnectorName[];
  readonly update?: boolean;
}

function fetch({ flink = ["2.2"], ...rest }: Fetch = {}): Promise<LockFile> {
  const store = new PartStore(join(folder, "store"));
  return fetchSoftware({
    lockFile,
    origin: "official",
    flink,
    architectures: ["amd64"],
    store,
    originImplementation: origin,
    ...rest,
  });
}

const lockedConnectors = (lock: LockFile): (string | undefined)[] =>
  lock.origins.official!.releases.map(({ parts }) => parts[CONNECTOR]);

describe("the table", () => {
  test.each([
    ["1.20", "3.4.0-1.20"],
    ["1.20.5", "3.4.0-1.20"],
    ["2.2", "5.0.0-2.2"],
    ["2.2.0", "5.0.0-2.2"],
    ["2.3", undefined],
    ["2.3.0", undefined],
    ["2.20", undefined],
    ["1.2", undefined],
  ])("Flink %s has the Kafka connector %s", (flink, version) => {
    expect(connectorVersion(flink, "kafka")).toBe(version);
  });

  test("the lines that have one are among ours", () => {
    expect(connectorLines("kafka")).toEqual(["1.20", "2.2"]);
    expect(flinkLines()).toEqual(expect.arrayContaining([...connectorLines("kafka")]));
  });

  test("a connector that does not exist is refused with those that do", () => {
    expect(connectorNamed("kafka")).toBe("kafka");
    expect(() => connectorNamed("rabbit")).toThrow(
      '--connector is "rabbit", but must be one of kafka, msk-iam: name a connector that the software table holds',
    );
  });

  test("a line without one is refused with those that have one", () => {
    expect(() => connectorPart("2.3", "kafka")).toThrow(
      '--connector is "kafka", but must be left out for Flink 2.3, as no Kafka connector for it is published yet: ' +
        "name as --flink only lines that have one (1.20, 2.2)",
    );
  });
});

describe("the project file", () => {
  test("takes the versions of the jars themselves, and nothing of the groups that Flink has", () => {
    const { source } = connectorPart("2.2", "kafka");
    if (source.kind !== "maven-tree") throw new Error(`a source of kind ${source.kind}`);
    const text = pom(source);
    expect(text).not.toContain("<parent>");
    expect(text).toContain(`<artifactId>${CONNECTOR}</artifactId><version>5.0.0-2.2</version><exclusions>`);
    expect(text).toContain("<exclusion><groupId>org.slf4j</groupId><artifactId>*</artifactId></exclusion>");
  });

  test("takes those of a parent where there is one", () => {
    const text = pom({ parent: "some.group:parent:1", artifacts: ["some.group:first:1", "other.group:second"] });
    expect(text).toContain("<parent><groupId>some.group</groupId><artifactId>parent</artifactId><version>1</version>");
    expect(text).toContain(
      "<dependency><groupId>other.group</groupId><artifactId>second</artifactId></dependency></dependencies>",
    );
  });
});

describe("fetching", () => {
  test("takes a connector where it is asked for alone", async () => {
    expect(lockedConnectors(await fetch())).toEqual([undefined]);
    expect(origin.asked.map(({ name }) => name)).not.toContain(CONNECTOR);
    expect(lockedConnectors(await fetch({ connectors: ["kafka"] }))).toEqual(["5.0.0-2.2"]);
    expect(origin.asked.filter(({ name }) => name === CONNECTOR)).toHaveLength(1);
  });

  test("keeps what is locked, without being asked", async () => {
    await fetch({ connectors: ["kafka"] });
    const text = readFileSync(lockFile, "utf8");
    await fetch();
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    await fetch({ connectors: ["kafka"] });
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    expect(lockedConnectors(await fetch({ update: true }))).toEqual(["5.0.0-2.2"]);
    expect(lockedConnectors(await fetch({ flink: ["2.3"] }))).toEqual(["5.0.0-2.2", undefined]);
  });

  test("keeps what another fetch locked since it began", async () => {
    const { parts, releases } = (await fetch()).origins.official!;
    const byTheOther = await fetch({ connectors: ["kafka"] });
    expect(withRelease(byTheOther, "official", releases[0], parts)).toEqual(byTheOther);
  });

  test("refuses a line without a connector before anything is fetched", async () => {
    await expect(fetch({ flink: ["2.2", "2.3"], connectors: ["kafka"] })).rejects.toThrow(
      /must be left out for Flink 2\.3\.0, as no Kafka connector for it is published yet/,
    );
    expect(origin.asked).toEqual([]);
    expect(readLockFile(lockFile)).toBeUndefined();
  });
});

test.each(ORIGINS)("a lock file with a connector from %s is read back as it was printed", async (name) => {
  const { origins } = await fetch({ connectors: ["kafka"] });
  const lock: LockFile = { schemaVersion: 1, origins: { [name]: origins.official } };
  const text = printLockFile(lock);
  expect(parseLockFile(text, "lock")).toEqual(lock);
  expect(printLockFile(parseLockFile(text, "lock"))).toBe(text);
  expect(JSON.parse(text)).toHaveProperty("schemaVersion", 1);
});

describe("resolving", () => {
  const query = { origin: "official", flinkVersion: "2.2", architecture: "amd64" };

  test("gives the connectors that are asked for", async () => {
    const lock = await fetch({ connectors: ["kafka"] });
    expect(resolveSoftware({ ...query, lock }).items?.connectors).toEqual([]);
    const [item, ...others] = resolveSoftware({ ...query, lock, connectors: ["kafka"] }).items!.connectors;
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      name: CONNECTOR,
      version: "5.0.0-2.2",
      kind: "tar.gz",
      fileName: "flink-connector-kafka-5.0.0-2.2.tar.gz",
    });
    expect(item.key).toBe(`software/${CONNECTOR}/5.0.0-2.2/${item.sha256}/${item.fileName}`);
  });

  test("says that one is missing", async () => {
    const lock = await fetch();
    expect(resolveSoftware({ ...query, lock }).items?.connectors).toEqual([]);
    expect(resolveSoftware({ ...query, lock, connectors: ["kafka"] })).toEqual({
      missing: "The software lock file has no flink-connector-kafka for Flink 2.2.1 on amd64 from official",
    });
  });
});
